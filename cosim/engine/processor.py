"""What the processor does in one step and Python has no word for, as words that compiled code may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

ROUNDING: Final = 1.5 * 2.0**52
"""A number whose last bit is worth 1: added and taken away again, it rounds a number below 2**51 to a whole one."""
_BITS = ir.IntType(64)


def _word(function: Callable[..., Any]) -> Any:
    """Return a function that writes instructions as a word of compiled code."""
    return intrinsic(function)


@_word
def power_of_two(_context: Any, _whole: Any) -> Any:
    """Return 2 to the power of a whole number (a float of -1022..1023), by writing the exponent's bits.

    Unlike a table or a library function it lets the compiler take several numbers at once.
    """

    def write(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        shifted = builder.fadd(arguments[0], ir.Constant(ir.DoubleType(), ROUNDING))
        exponent = builder.shl(builder.add(builder.bitcast(shifted, _BITS), _BITS(1023)), _BITS(52))
        return builder.bitcast(exponent, ir.DoubleType())

    return types.float64(types.float64), write


@_word
def size(_context: Any, _bits: Any) -> Any:
    """Return how many members a set has that is kept as the bits of a word."""

    def count(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.int64), count


@_word
def first_in(_context: Any, _bits: Any) -> Any:
    """Return the smallest member of a set that is kept as the bits of a word; 64 if it is empty."""

    def find(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(0))

    return types.int64(types.int64), find


@_word
def fetch(_context: Any, rows: Any, _row: Any, _line: Any) -> Any:
    """Ask for a line (of 64 bytes) of a row of an array to be brought near; nothing else happens.

    What is asked for early and used late costs no waiting, and waiting is what rows far apart in memory cost.
    """

    def ask(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        start = builder.bitcast(array.data, ir.PointerType(ir.IntType(8)))
        stride = builder.extract_value(array.strides, 0)
        offset = builder.add(builder.mul(arguments[1], stride), builder.mul(arguments[2], _BITS(64)))
        line = builder.gep(start, [offset])
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [line.type, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", (line.type,), kind)
        builder.call(prefetch, [line, number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.none(rows, types.int64, types.int64), ask
