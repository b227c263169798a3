// Luck, arithmetic and what is stored: see month.cpp.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <cstdlib>
#include <new>
#include <vector>
#if defined(__AVX512DQ__) || defined(__AVX2__)
#include <immintrin.h>
#endif

#include "layout.h"  // written by limit/__init__.py from the engine's own types: Settings, Process and the rows

using u64 = uint64_t;
using u32 = uint32_t;
using i64 = int64_t;
constexpr int LANES = 16, NODES = 12, READINGS = 22, MOST_MEETINGS = 4, MOST_ROUNDS = 16, PLACES = 8;
constexpr int MONTHS_TO_GATHER = 3, WINDOW = 24, LONG_AGO = -999, MOST_TURNS = 128;
enum { RUNNING, DELIVERED, COST, POLICY, NO_SUPPORT, EXHAUSTED, EMPTIED };
enum { E_, T_, Q_, U_, J_, W_, O_, I_, CLIMATE, LEADERSHIP, DESIGN, ADMINISTRATION, CONFLICT, DIVERSITY, INCENTIVES,
       INTERDEPENDENCE, UNCERTAINTY, MANDATE, EXPERIENCE, POWER_SHARE, FACILITATION, SUPPORT };
#define LANE for (int s = 0; s < LANES; ++s)
#define INLINE static inline __attribute__((always_inline))

// ---------------------------------------------------------------- luck and arithmetic
constexpr u64 GOLDEN = 0x9E3779B97F4A7C15ull;
INLINE u64 scramble(u64 w) {
    w = (w ^ (w >> 30)) * 0xBF58476D1CE4E5B9ull;
    w = (w ^ (w >> 27)) * 0x94D049BB133111EBull;
    return w ^ (w >> 31);
}
INLINE u64 luck_of(u64 run, i64 month, u64 decision) {
    return scramble(scramble(run + u64(month + 1024) * 0xABC98388FB8FAC03ull)
                    ^ (decision * 0x8CB92BA72F3D8DD7ull + GOLDEN));
}
INLINE u64 word(u64 luck, u64 slot) { return scramble(luck + (slot + 1) * GOLDEN); }
INLINE float unit(u64 w) { return float(int32_t(w >> 40)) * 0x1p-24f; }
INLINE float draw(u64 luck, u64 slot) { return unit(word(luck, slot)); }
INLINE i64 below(u64 w, u64 n) { return i64((unsigned __int128)(w)*n >> 64); }

// Sixteen lanes, one for each seat of an arena.
typedef float F __attribute__((vector_size(64)));
typedef int32_t I __attribute__((vector_size(64)));
typedef u64 W __attribute__((vector_size(64)));
typedef int32_t I8 __attribute__((vector_size(32)));
struct Words { W low, high; };
constexpr W SEATS_LOW = {0, 1, 2, 3, 16, 17, 18, 19}, SEATS_HIGH = {32, 33, 34, 35, 48, 49, 50, 51};
constexpr I SECTOR = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
constexpr I BIT = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
constexpr I OWN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

INLINE W scramble(W w) {
    w = (w ^ (w >> 30)) * 0xBF58476D1CE4E5B9ull;
    w = (w ^ (w >> 27)) * 0x94D049BB133111EBull;
    return w ^ (w >> 31);
}
INLINE Words words(u64 luck, u64 base, u64 times = 1, u64 plus = 0) {  // of the slots (base + seat) * times + plus
    u64 start = luck + (base * times + plus + 1) * GOLDEN, step = times * GOLDEN;
    return {scramble(SEATS_LOW * step + start), scramble(SEATS_HIGH * step + start)};
}
INLINE I joined(W low, W high) {
    I8 a = __builtin_convertvector(low, I8), b = __builtin_convertvector(high, I8);
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE F floats(I x) { return __builtin_convertvector(x, F); }
INLINE F units(Words w) { return floats(joined(w.low >> 40, w.high >> 40)) * 0x1p-24f; }
#ifdef __AVX512DQ__
INLINE u32 bits_of(I truth) { return _mm512_movepi32_mask((__m512i)truth); }
INLINE float sum(F x) { return _mm512_reduce_add_ps((__m512)x); }
INLINE float highest(F x) { return _mm512_reduce_max_ps((__m512)x); }
INLINE F of_partner(F x, I partner) { return __builtin_shuffle(x, partner); }
#elif defined(__AVX2__)
struct Halves { __m256 low, high; };
template <class V> INLINE Halves halves(V x) {
    Halves two;
    std::memcpy(&two, &x, sizeof two);
    return two;
}
INLINE u32 bits_of(I truth) {
    Halves two = halves(truth);
    return _mm256_movemask_ps(two.low) | _mm256_movemask_ps(two.high) << 8;
}
INLINE float sum(F x) {
    Halves two = halves(x);
    __m256 eight = _mm256_add_ps(two.low, two.high);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}
INLINE float highest(F x) {
    Halves two = halves(x);
    __m256 eight = _mm256_max_ps(two.low, two.high);
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
}
INLINE __m256 eight_of(Halves from, __m256i partner) {
    __m256 low = _mm256_permutevar8x32_ps(from.low, partner), high = _mm256_permutevar8x32_ps(from.high, partner);
    return _mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(partner, 28)));
}
INLINE F of_partner(F x, I partner) {
    Halves from = halves(x), who = halves(partner);
    Halves two = {eight_of(from, _mm256_castps_si256(who.low)), eight_of(from, _mm256_castps_si256(who.high))};
    F found;
    std::memcpy(&found, &two, sizeof found);
    return found;
}
#else
INLINE u32 bits_of(I truth) {
    u32 bits = 0;
    LANE bits |= u32(truth[s] & 1) << s;
    return bits;
}
INLINE float sum(F x) {
    float total = 0;
    LANE total += x[s];
    return total;
}
INLINE float highest(F x) {
    float top = x[0];
    LANE top = x[s] > top ? x[s] : top;
    return top;
}
INLINE F of_partner(F x, I partner) { return __builtin_shuffle(x, partner); }
#endif
INLINE I lanes_of(u32 bits) { return (BIT & int32_t(bits)) != 0; }
INLINE F where(I truth, F yes) { return (F)(truth & (I)yes); }  // yes or 0
INLINE F least(F x, F y) { return x < y ? x : y; }
INLINE F most(F x, F y) { return x > y ? x : y; }
INLINE float least(float x, float y) { return x < y ? x : y; }
INLINE float most(float x, float y) { return x > y ? x : y; }
INLINE I whole(F x) { return __builtin_convertvector(x, I); }
INLINE int32_t whole(float x) { return int32_t(x); }
INLINE float floats(int32_t x) { return float(x); }
INLINE F powers(I k) { return (F)((k + 127) << 23); }
INLINE float powers(int32_t k) { return std::bit_cast<float>((k + 127) << 23); }

template <class V> INLINE V exponential(V x) {
    x = least(most(x, V{} - 60.0f), V{} + 60.0f);
    auto k = whole(x * 1.44269504f + 1000.5f) - 1000;
    V n = floats(k), r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    V t = r * 1.9875691500e-4f + 1.3981999507e-3f;
    t = t * r + 8.3334519073e-3f;
    t = t * r + 4.1665795894e-2f;
    t = t * r + 1.6666665459e-1f;
    t = t * r + 5.0000001201e-1f;
    return (t * r * r + r + 1.0f) * powers(k);
}
// Whether a lot falls below the logistic chance of x, without a division.
template <class V> INLINE auto happens(V lot, V x) { return lot * (exponential(-x) + 1.0f) < 1.0f; }
INLINE u64 seat_slot(u64 place, int s) { return place * 64 + (s >> 2) * 16 + (s & 3); }
INLINE float cut(float x, float low, float high) { return least(most(x, low), high); }
template <class V> INLINE V trust_of(V r, V u) { return (r + 1.0f) / (r + u + 2.0f); }
INLINE float towards(float x, float target, float rate) { return x + rate * (target - x); }
INLINE float after_news(float x, float good, float up, float down) { return x + (good > x ? up : down) * (good - x); }
INLINE F after_news(F x, float good, float up, float down) {
    return x + (good > x ? F{} + up : F{} + down) * (good - x);
}

// ---------------------------------------------------------------- what is stored
struct alignas(64) Person {  // one cache line
    float r[4], u[4], optimism, identity, anchor, framing, fatigue;
    uint16_t framing_anchor, creativity;  // never change: in 65,536ths
    int32_t seat;
    int16_t left;
    int8_t former, age;
};
static_assert(sizeof(Person) == 64);
struct Tile {  // the seats of an arena, a row of lanes for each trait
    F r[4], u[4], optimism, identity, anchor, framing, framing_anchor, fatigue, creativity, commitment, worth;
    I actor, solution, former, age;
};
struct alignas(64) Arena {
    u32 taken, present;
    float best_worth, nodes[NODES], readings[READINGS + 2];
    int32_t start_solution, best_solution;
    int16_t landscape, opened;
    int8_t phase, invited, shared, progress, first_phase[4];
    int16_t proposals[4];
    float months_met, presence, engagement, understanding, trust_first, understanding_first, peak_engagement,
        peak_engagement_month, peak_capacity, peak_capacity_month, acts, acts_good, seat_months, joins, leaves, votes,
        wins_first_month;
};
struct Town {
    float climate[10], leadership, design, administration, experience, news[2], outcomes[2];
    i64 counts[17], arena_count, innovation_count;
};
struct Arrow { int to, from, moderator; float weight, low, high; };
struct Sums { float acts, good, seen; };

struct World {
    u64 run_luck;
    int n_towns, n_places, n_months, people_every, coupling, n_landscapes;
    float persons_per_actor;
    const Settings* settings;
    const i64* setting_row;
    const PLACE* places;
    const HOST* hosts0;
    const float* neighbours;
    const float* anchors;
    const float* landscapes;  // [L, 16, 2 ** (K + 1)]
    const float* best;
    const Process* process;
    ARENA_ROW* arena_log;
    INNOVATION_ROW* innovation_log;
    int16_t* adopted;
    float* pressure;
    double* lagged;
    MONTH_ROW* months;
    double* people;
    std::vector<Town> towns;
    std::vector<HOST> hosts;
    std::vector<Arrow> arrows;
    std::vector<float> kept_identity, kept_fatigue;
    int8_t* open;  // is there an arena in this place
    Person* persons;
    Arena* arenas;
    Tile* tiles;
};

template <class T> static T* lines_of(size_t n) {
    size_t bytes = (n * sizeof(T) + 127) / 64 * 64;
    return static_cast<T*>(std::memset(std::aligned_alloc(64, bytes), 0, bytes));
}
INLINE const Settings& settings_in(const World& w, int month, int m) {
    return w.settings[w.setting_row[std::min(month, w.n_months - 1) * w.n_towns + m]];
}
INLINE float scalar_climate(const Town& town) {
    float total = 1.0f - 2.0f * town.climate[7];
    for (float level : town.climate) total += level;
    return total * 0.1f;
}
INLINE float worth_of(int solution, const float* c, int coupling) {
    int pattern = (1 << (coupling + 1)) - 1, doubled = solution | solution << 16;
    float total = 0;
    LANE total += c[(s << (coupling + 1)) + (doubled >> s & pattern)];
    return total * 0.0625f;
}
INLINE float capacity_of(const Settings& p, const Town& town) {
    return (town.leadership + town.design + town.administration + p.arenas_budget * (1.0f - p.context_budget_cut)) / 4;
}
static float combined(int form, const i64* terms, const double* weights, float constant, const float* quantities) {
    if (form == 0) {
        for (int t = 0; t < 6; ++t)
            if (terms[t] >= 0) constant += float(weights[t]) * quantities[terms[t]];
        return constant;
    }
    if (terms[0] < 0) return 0;
    float value = quantities[terms[0]];
    for (int t = 1; t < 6; ++t) {
        if (terms[t] < 0) continue;
        float other = quantities[terms[t]];
        value = form == 1 ? value * other : form == 2 ? std::fmin(value, other) : form == 3 ? std::fmax(value, other) : value;
    }
    return value;
}

