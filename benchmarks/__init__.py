"""Speed beside the peers and the limit: `make bench`.

The month that the engine lives is also written as ordinary Mesa objects (`plain_mesa`) and as tuned C++ in 32-bit
numbers (`limit`). All are measured side by side in one process, and what is printed are ratios.
"""
