// Vectors with a lane for each seat of an arena: sixteen where there are Many, four where only Few, a unit's own staff,
// are invited. Where the processor's own vectors are shorter a vector is a Pair, whose halves may be pairs themselves:
// vectors longer than the processor's would be legal too, but gcc takes most of what is done with them apart.
#pragma once
#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>
#ifdef __AVX2__
#include <immintrin.h>
#endif

using u64 = uint64_t;
using u32 = uint32_t;
using i64 = int64_t;
#define INLINE static inline __attribute__((always_inline))

template <class V> struct Pair {
    V low, high;
    using Lane = std::remove_cvref_t<decltype(std::declval<V>()[0])>;
    Lane& operator[](int s) { return reinterpret_cast<Lane*>(this)[s]; }
    Lane operator[](int s) const { return reinterpret_cast<const Lane*>(this)[s]; }
};
template <class N> concept Number = std::is_arithmetic_v<N>;
#define OPERATOR(o)                                                                                                    \
    template <class V> INLINE auto operator o(Pair<V> x, Pair<V> y) { return Pair{x.low o y.low, x.high o y.high}; }   \
    template <class V, Number N> INLINE auto operator o(Pair<V> x, N y) { return Pair{x.low o y, x.high o y}; }        \
    template <class V, Number N> INLINE auto operator o(N x, Pair<V> y) { return Pair{x o y.low, x o y.high}; }
OPERATOR(+) OPERATOR(-) OPERATOR(*) OPERATOR(/) OPERATOR(&) OPERATOR(|) OPERATOR(^)
OPERATOR(<<) OPERATOR(>>) OPERATOR(<) OPERATOR(>) OPERATOR(==) OPERATOR(!=)
template <class V> INLINE Pair<V> operator-(Pair<V> x) { return {-x.low, -x.high}; }
template <class V> INLINE Pair<V> operator~(Pair<V> x) { return {~x.low, ~x.high}; }
template <class V, class T> INLINE Pair<V>& operator+=(Pair<V>& x, T y) { return x = x + y; }
template <class V, class T> INLINE Pair<V>& operator*=(Pair<V>& x, T y) { return x = x * y; }

template <class T, class V> INLINE V select(T truth, V yes, V no) { return truth ? yes : no; }
template <class I, class V> INLINE Pair<V> select(Pair<I> truth, Pair<V> yes, Pair<V> no) {
    return {select(truth.low, yes.low, no.low), select(truth.high, yes.high, no.high)};
}
template <class V> INLINE V least(V x, V y) { return select(x < y, x, y); }
template <class V> INLINE V most(V x, V y) { return select(x > y, x, y); }

// What is between whole numbers and fractions: for one number, for the processor's own vectors and for pairs of them.
INLINE int32_t whole(float x) { return int32_t(x); }
INLINE float floats(int32_t x) { return float(x); }
INLINE float powers(int32_t k) { return std::bit_cast<float>((k + 127) << 23); }
#define OWN_VECTORS(F, I, bytes)                                                                                       \
    typedef float F __attribute__((vector_size(bytes)));                                                               \
    typedef int32_t I __attribute__((vector_size(bytes)));                                                             \
    INLINE I whole(F x) { return __builtin_convertvector(x, I); }                                                      \
    INLINE F floats(I x) { return __builtin_convertvector(x, F); }                                                     \
    INLINE F powers(I k) { return (F)((k + 127) << 23); }                                                              \
    INLINE F where(I truth, F yes) { return (F)(truth & (I)yes); } /* yes or 0 */                                      \
    INLINE F of_partner(F x, I partner) { return __builtin_shuffle(x, partner); }
OWN_VECTORS(F4, I4, 16)
typedef float Loose __attribute__((vector_size(16), aligned(4)));
INLINE Loose& four_at(float* x) { return *reinterpret_cast<Loose*>(x); }
INLINE float sum(F4 x) { return (x[0] + x[2]) + (x[1] + x[3]); }
INLINE float highest(F4 x) { return most(most(x[0], x[2]), most(x[1], x[3])); }
#ifdef __AVX2__
typedef u64 W4 __attribute__((vector_size(32)));
INLINE I4 joined(W4 w) { return __builtin_convertvector(w, I4); }  // words below 2 ** 32
INLINE u32 bits_of(I4 truth) { return _mm_movemask_ps((__m128)truth); }
#else
typedef u64 W2 __attribute__((vector_size(16)));
using W4 = Pair<W2>;
INLINE I4 joined(W4 w) { return I4{int32_t(w.low[0]), int32_t(w.low[1]), int32_t(w.high[0]), int32_t(w.high[1])}; }
INLINE u32 bits_of(I4 truth) { return (truth[0] & 1) | (truth[1] & 2) | (truth[2] & 4) | (truth[3] & 8); }
#endif
#ifdef __AVX512DQ__
OWN_VECTORS(F16, I16, 64)
typedef u64 W8 __attribute__((vector_size(64)));
typedef int32_t I8 __attribute__((vector_size(32)));
using W16 = Pair<W8>;
INLINE I16 joined(W16 w) {
    I8 low = __builtin_convertvector(w.low, I8), high = __builtin_convertvector(w.high, I8);
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE u32 bits_of(I16 truth) { return _mm512_movepi32_mask((__m512i)truth); }
INLINE float sum(F16 x) { return _mm512_reduce_add_ps((__m512)x); }
INLINE float highest(F16 x) { return _mm512_reduce_max_ps((__m512)x); }
#elif defined(__AVX2__)
OWN_VECTORS(F8, I8, 32)
using F16 = Pair<F8>;
using I16 = Pair<I8>;
using W16 = Pair<Pair<W4>>;
INLINE I8 joined(Pair<W4> w) { return __builtin_shufflevector((I8)w.low, (I8)w.high, 0, 2, 4, 6, 8, 10, 12, 14); }
INLINE u32 bits_of(I8 truth) { return _mm256_movemask_ps((__m256)truth); }
INLINE float sum(F8 x) { return sum((F4)_mm256_castps256_ps128(x) + (F4)_mm256_extractf128_ps(x, 1)); }
INLINE float highest(F8 x) { return highest(most((F4)_mm256_castps256_ps128(x), (F4)_mm256_extractf128_ps(x, 1))); }
INLINE F8 of_partner(F16 x, I8 partner) {
    F8 low = _mm256_permutevar8x32_ps(x.low, (__m256i)partner), high = _mm256_permutevar8x32_ps(x.high, (__m256i)partner);
    return select(partner < 8, low, high);
}
#else
using F16 = Pair<Pair<F4>>;
using I16 = Pair<Pair<I4>>;
using W16 = Pair<Pair<W4>>;
INLINE F4 of_partner(F16 x, I4 partner) { return F4{x[partner[0]], x[partner[1]], x[partner[2]], x[partner[3]]}; }
INLINE Pair<F4> of_partner(F16 x, Pair<I4> partner) { return {of_partner(x, partner.low), of_partner(x, partner.high)}; }
#endif
template <class I> INLINE auto whole(Pair<I> x) { return Pair{whole(x.low), whole(x.high)}; }
template <class I> INLINE auto floats(Pair<I> x) { return Pair{floats(x.low), floats(x.high)}; }
template <class I> INLINE auto powers(Pair<I> k) { return Pair{powers(k.low), powers(k.high)}; }
template <class I, class F> INLINE auto where(Pair<I> truth, Pair<F> yes) {
    return Pair{where(truth.low, yes.low), where(truth.high, yes.high)};
}
template <class W> INLINE auto joined(Pair<W> w) { return Pair{joined(w.low), joined(w.high)}; }
template <class F> INLINE float sum(Pair<F> x) { return sum(x.low + x.high); }
template <class F> INLINE float highest(Pair<F> x) { return highest(most(x.low, x.high)); }
template <class I> INLINE u32 bits_of(Pair<I> truth) {
    return bits_of(truth.low) | bits_of(truth.high) << sizeof truth.low / 4;
}
template <class F, class I> INLINE auto of_partner(Pair<F> x, Pair<I> partner) {
    return Pair{of_partner(x, partner.low), of_partner(x, partner.high)};
}

struct Many {
    using F = F16;
    using I = I16;
    using W = W16;
    static constexpr int LANES = 16, SECTORS = 4;
    static constexpr W SEATS = {0, 1, 2, 3, 16, 17, 18, 19, 32, 33, 34, 35, 48, 49, 50, 51};
    static constexpr I SECTOR = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
    static constexpr I OWN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
};
struct Few {
    using F = F4;
    using I = I4;
    using W = W4;
    static constexpr int LANES = 4, SECTORS = 1;
    static constexpr W SEATS = {0, 1, 2, 3};
    static constexpr I SECTOR = {};
    static constexpr I OWN = {0, 1, 2, 3};
};
