// Luck, arithmetic and what is stored: see month.cpp.
#pragma once
#include <cmath>
#include <cstring>
#include <cstdlib>
#include <new>
#include <vector>

#include "lanes.h"
#include "layout.h"  // written by limit/__init__.py from the engine's own types: Settings, Process and the rows

constexpr int NODES = 12, READINGS = 22, MOST_MEETINGS = 4, MOST_ROUNDS = 16, PLACES = 8;
static_assert(NODES % 4 == 0);
constexpr int MONTHS_TO_GATHER = 3, WINDOW = 24, LONG_AGO = -999, MOST_TURNS = 128, AHEAD = 4;  // so many askings before its own is a person fetched
enum { RUNNING, DELIVERED, COST, POLICY, NO_SUPPORT, EXHAUSTED, EMPTIED };
enum { E_, T_, Q_, U_, J_, W_, O_, I_, CLIMATE, LEADERSHIP, DESIGN, ADMINISTRATION, CONFLICT, DIVERSITY, INCENTIVES,
       INTERDEPENDENCE, UNCERTAINTY, MANDATE, EXPERIENCE, POWER_SHARE, FACILITATION, SUPPORT };

// ---------------------------------------------------------------- luck and arithmetic
constexpr u64 GOLDEN = 0x9E3779B97F4A7C15ull;
template <class W> INLINE W scramble(W w) {
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

// Words of the slots (base + seat) * times + plus.
template <class S> INLINE auto words(u64 luck, u64 base, u64 times = 1, u64 plus = 0) {
    return scramble(S::SEATS * (times * GOLDEN) + (luck + (base * times + plus + 1) * GOLDEN));
}
template <class S> INLINE auto units(u64 luck, u64 base, u64 times = 1, u64 plus = 0) {
    return floats(joined(words<S>(luck, base, times, plus) >> 40)) * 0x1p-24f;
}
template <class S> INLINE auto lanes_of(u32 bits) { return (((typename S::I{} + 1) << S::OWN) & int32_t(bits)) != 0; }
// A number below 16 for each lane. Four bits each, so that they never are stored singly and then loaded as a vector.
template <class S> INLINE auto nibbles(u64 x) {
    typename S::I none{}, eight = select(S::OWN < 8, none + int32_t(x), none + int32_t(x >> 32));
    return eight >> ((S::OWN & 7) << 2) & 15;
}

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
template <class V> INLINE V after_news(V x, float good, float up, float down) {
    return x + select(good > x, V{} + up, V{} + down) * (good - x);
}

// ---------------------------------------------------------------- what is stored
struct alignas(64) Person {  // one cache line
    F4 r, u;  // a lane for each sector
    union {
        struct { float optimism, identity, fatigue, anchor; };
        F4 mood;
    };
    float framing;
    uint16_t framing_anchor, creativity;  // never change: in 65,536ths
    int32_t seat;
    int16_t left;
    int8_t former, age;
};
static_assert(sizeof(Person) == 64);
template <class S> struct Tile {  // the seats of an arena, a row of lanes for each trait
    typename S::F r[4], u[4], optimism, identity, anchor, framing, framing_anchor, fatigue, creativity, commitment, worth, former;
    typename S::I actor, solution, age;
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
// What becomes of somebody's mood in months without a seat: tiredness fades, identity returns to its anchor.
INLINE F4 mood_after(const Person& one, F4 kept) {
    F4 rest = {one.optimism, one.anchor, 0, one.anchor};
    return rest + (one.mood - rest) * kept;
}
struct Asking { i64 at; u64 slot; int sector, first; };  // a sector for an arena, which members: World::asked from first on
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
    std::vector<F4> kept;  // of a mood, by the number of months
    F4 input_weight[NODES / 4], bias[NODES / 4];
    std::vector<i64> running;  // where there is an arena, in the municipality that lives now
    std::vector<Asking> askings;
    std::vector<int32_t> asked;
    int8_t* open;  // is there an arena in this place
    Person* persons;
    Arena* arenas;
    Tile<Many>* tiles;  // a Tile<Few> lies at the beginning of its place
};

INLINE void fetch(const void* from, size_t bytes) {
    for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch(static_cast<const char*>(from) + line, 1);
}
template <class T> static T* lines_of(size_t n) {
    size_t bytes = (n * sizeof(T) + 127) / 64 * 64;
    return static_cast<T*>(std::memset(std::aligned_alloc(64, bytes), 0, bytes));
}
// What is done with the seats of an arena is written once and compiled twice, for Few and for Many.
template <class Done> INLINE auto with_tile(const World& w, i64 at, Done done) {
    if (w.arenas[at].invited == 1) return done(reinterpret_cast<Tile<Few>&>(w.tiles[at]));
    return done(w.tiles[at]);
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
    for (int s = 0; s < 16; ++s) total += c[(s << (coupling + 1)) + (doubled >> s & pattern)];
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

