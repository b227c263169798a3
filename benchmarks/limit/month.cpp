// The practical limit: the engine's month in C++, 32-bit numbers, one thread, tuned by hand.
//
// The same rules and the same addressed luck as cosim/engine, so that runs begin alike and stay statistically alike.
// What makes it quick: a member's traits lie in rows of 16 lanes (one tile an arena), so that a pass over the seats is
// one vector; sets of seats are bits; exponentials are short polynomials; people are one cache line each, and those who
// are asked are fetched beforehand; open places are found without touching their tiles. Left out, as in the plain
// model: recruitment, thresholds, copying with errors, the conformity rule and scandals. Sixteen seats an arena, at most.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <cstdlib>
#include <new>
#include <vector>

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

INLINE float exponential(float x) {
    x = std::fmin(std::fmax(x, -60.0f), 60.0f);
    float k = __builtin_floorf(x * 1.44269504f + 0.5f);
    float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float t = 1.9875691500e-4f;
    t = t * r + 1.3981999507e-3f;
    t = t * r + 8.3334519073e-3f;
    t = t * r + 4.1665795894e-2f;
    t = t * r + 1.6666665459e-1f;
    t = t * r + 5.0000001201e-1f;
    t = t * r * r + r + 1.0f;
    return t * std::bit_cast<float>((int32_t(k) + 127) << 23);
}
INLINE float logistic(float x) { return 1.0f / (1.0f + exponential(-x)); }
INLINE float cut(float x, float low, float high) { return std::fmin(std::fmax(x, low), high); }
INLINE float trust_of(float r, float u) { return (r + 1.0f) / (r + u + 2.0f); }
INLINE float towards(float x, float target, float rate) { return x + rate * (target - x); }
INLINE float after_news(float x, float good, float up, float down) { return x + (good > x ? up : down) * (good - x); }

// ---------------------------------------------------------------- what is stored
struct alignas(64) Person {  // one cache line
    float r[4], u[4], optimism, identity, anchor, framing, framing_anchor, fatigue;
    int32_t seat;
    int16_t left;
    int8_t former, age;
};
struct alignas(64) Tile {  // the seats of an arena, a row of lanes for each trait
    float r[4][LANES], u[4][LANES], optimism[LANES], identity[LANES], anchor[LANES], framing[LANES],
        framing_anchor[LANES], fatigue[LANES], commitment[LANES], worth[LANES];
    int32_t actor[LANES], solution[LANES], former[LANES], age[LANES];
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

// ---------------------------------------------------------------- open
static bool gate_is_open(const World& w, const Settings& p, const PLACE& place, const Town& town) {
    const Process& f = *w.process;
    if (f.start_level < 0) return true;
    float q[NODES + READINGS];
    for (float& one : q) one = 0.5f;
    float* r = q + NODES;
    r[T_] = place.prehistory[0], r[J_] = capacity_of(p, town), r[O_] = place.prehistory[1];
    r[CLIMATE] = scalar_climate(town), r[LEADERSHIP] = town.leadership, r[DESIGN] = town.design;
    r[ADMINISTRATION] = town.administration, r[INCENTIVES] = p.context_incentives;
    r[INTERDEPENDENCE] = p.context_interdependence, r[UNCERTAINTY] = p.context_uncertainty;
    r[MANDATE] = p.context_mandate, r[EXPERIENCE] = town.experience;
    return combined(f.start_form, f.start_term, f.start_weight, 0, q) > f.start_level;
}
static void begin(World& w, Arena& a, u64 where, int month, int invited, int shared) {
    std::memset(&a, 0, sizeof a);
    a.landscape = below(word(luck_of(w.run_luck, month, D_PROBLEM), where), w.n_landscapes);
    a.start_solution = a.best_solution = word(luck_of(w.run_luck, month, D_START_SOLUTION), where) & 0xFFFF;
    a.best_worth = worth_of(a.start_solution, w.landscapes + (a.landscape << (w.coupling + 5)), w.coupling);
    a.opened = month, a.invited = invited, a.shared = shared, a.wins_first_month = -1;
    for (auto& first : a.first_phase) first = -1;
}
static void open_arenas(World& w, const Settings& p, int month, int m) {
    Town& town = w.towns[m];
    const PLACE& place = w.places[m];
    u64 luck = luck_of(w.run_luck, month, D_OPEN), lots = luck_of(w.run_luck, month, D_INVITED);
    bool allowed = gate_is_open(w, p, place, town);
    float chance = 1.0f - exponential(-p.arenas_opening * (0.5f + town.leadership));
    for (i64 h = place.host_first; h < place.host_last; ++h) {
        const HOST& host = w.hosts[h];
        for (int number = 0; number < w.n_places; ++number) {
            i64 a = h * w.n_places + number;
            if (w.open[a]) continue;
            u64 where = host.address * PLACES + number;
            int invited, shared = 1;
            if (host.kind == 1) {
                if (number > 0 || host.month != month) continue;
                invited = host.invited;
            } else {
                if (number >= p.arenas_parallel || !allowed || draw(luck, where) >= chance) continue;
                invited = 15;
                if (draw(lots, where * 8) >= p.arenas_openness)
                    invited = 1 | (draw(lots, where * 8 + 1) < p.arenas_invite_private) << 1
                            | (draw(lots, where * 8 + 2) < p.arenas_invite_civic) << 2
                            | (draw(lots, where * 8 + 3) < p.arenas_invite_research) << 3;
                shared = draw(lots, where * 8 + 4) < p.arenas_invite_units;
            }
            begin(w, w.arenas[a], where, month, invited, shared);
            w.open[a] = 1;
            town.counts[0] += 1;
            town.counts[1] += invited != 1;
        }
    }
}

// ---------------------------------------------------------------- join
INLINE void sit_down(const World& w, Arena& a, Tile& t, int s, Person& one, i64 actor, i64 place, int sector, float trust, u64 bits) {
    for (int k = 0; k < 4; ++k) t.r[k][s] = one.r[k], t.u[k][s] = one.u[k];
    t.optimism[s] = one.optimism, t.identity[s] = one.identity, t.anchor[s] = one.anchor;
    t.framing[s] = one.framing, t.framing_anchor[s] = one.framing_anchor, t.fatigue[s] = one.fatigue;
    t.actor[s] = actor, t.former[s] = one.former, t.age[s] = one.age;
    one.seat = place * LANES + s;
    a.taken |= 1u << s;
    t.commitment[s] = (trust + one.optimism + one.identity) * (1.0f / 3.0f);
    int idea = (bits & 63) << (4 * sector);
    t.solution[s] = a.start_solution ^ ((idea | idea >> 16) & 0xFFFF);
    t.worth[s] = worth_of(t.solution[s], w.landscapes + (a.landscape << (w.coupling + 5)), w.coupling);
    if (t.worth[s] > a.best_worth) a.best_worth = t.worth[s], a.best_solution = t.solution[s];
    if (a.first_phase[sector] < 0) a.first_phase[sector] = a.phase;
    a.joins += 1;
}
static void fill_seats(World& w, const Settings& p, int month, int m) {
    Town& town = w.towns[m];
    const PLACE& place = w.places[m];
    u64 lots = luck_of(w.run_luck, month, D_CANDIDATE), luck = luck_of(w.run_luck, month, D_ACCEPT),
        ideas = luck_of(w.run_luck, month, D_IDEA);
    const int seats[4] = {int(p.arenas_seats_public), int(p.arenas_seats_private), int(p.arenas_seats_civic), int(p.arenas_seats_research)};
    const int asked[4] = {int(p.join_invitations_public), int(p.join_invitations_private), int(p.join_invitations_civic), int(p.join_invitations_research)};
    const float base[4] = {p.join_base_public, p.join_base_private, p.join_base_civic, p.join_base_research};
    int32_t who[MOST_TURNS];
    for (i64 h = place.host_first; h < place.host_last; ++h)
        for (int number = 0; number < w.n_places; ++number) {
            i64 at = h * w.n_places + number;
            if (!w.open[at]) continue;
            Arena& a = w.arenas[at];
            const HOST& host = w.hosts[h];
            int members = __builtin_popcount(a.taken), offered = 0;
            for (int k = 0; k < 4; ++k) offered += (a.invited >> k & 1) * seats[k];
            if (members >= offered) continue;
            float share = 1.0f / offered;
            u64 where = host.address * PLACES + number;
            for (int k = 0; k < 4; ++k) {
                if (!(a.invited >> k & 1) || !w.process->may_take_part[a.phase][k]) continue;
                u32 empty = ((1u << seats[k]) - 1) << (4 * k) & ~a.taken;
                if (!empty) continue;
                i64 first = place.sector_first[k], last = place.sector_first[k + 1];
                if (last <= first) continue;
                int turns = std::min(asked[k], MOST_TURNS);
                u64 slot = (where * 4 + k) * (2 * MOST_TURNS);
                bool own = k == 0 && host.kind != 1;
                for (int turn = 0; turn < turns; ++turn) {
                    bool near = own && (!a.shared || turn % 2 == 0);
                    i64 f = near ? host.staff_first : first, l = near ? host.staff_last : last;
                    who[turn] = f + below(word(lots, slot + turn), l - f);
                    __builtin_prefetch(&w.persons[who[turn]], 1);
                }
                for (int turn = 0; turn < turns && empty; ++turn) {
                    Person& one = w.persons[who[turn]];
                    town.counts[5] += 1;
                    if (one.seat >= 0) continue;
                    int gone = one.left < 0 ? 0 : month - one.left;
                    if (gone > 0) {
                        one.fatigue *= w.kept_fatigue[gone];
                        one.identity = one.anchor + (one.identity - one.anchor) * w.kept_identity[gone];
                        one.left = month;
                    }
                    float trust = 0;
                    for (int j = 0; j < 4; ++j) trust += trust_of(one.r[j], one.u[j]);
                    trust *= 0.25f;
                    float odds = base[k] + p.join_trust * (2 * trust - 1) + p.join_optimism * (2 * one.optimism - 1)
                               + p.join_identity * (2 * one.identity - 1) + p.join_filled * (members * share)
                               - p.join_fatigue * one.fatigue;
                    if (draw(luck, slot + turn) * (1.0f + exponential(-odds)) >= 1.0f) continue;
                    int s = __builtin_ctz(empty);
                    empty &= empty - 1;
                    sit_down(w, a, w.tiles[at], s, one, who[turn], at, k, trust, word(ideas, slot + turn));
                    town.counts[6 + k] += 1;
                    members += 1;
                }
            }
        }
}

// ---------------------------------------------------------------- meet
INLINE void talk(const Settings& p, Tile& t, int a, int b, float upheld, float debates, float luck_a, float luck_b, Sums& sums) {
    int ka = a >> 2, kb = b >> 2;
    float discount = (ka != kb ? p.talk_discount : 0) + (t.former[a] != t.former[b] ? p.talk_discount_former : 0);
    discount = std::fmin(discount, 1.0f);
    float a_in_b = trust_of(t.r[kb][a], t.u[kb][a]), b_in_a = trust_of(t.r[ka][b], t.u[ka][b]);
    float act_b = cut(upheld + p.talk_trust * b_in_a + p.talk_commitment * t.commitment[b], 0.02f, 0.98f);
    float act_a = cut(upheld + p.talk_trust * a_in_b + p.talk_commitment * t.commitment[a], 0.02f, 0.98f);
    float bad_a = 1.0f - t.identity[a], bad_b = 1.0f - t.identity[b];
    float seen_a = act_b * (1.0f - discount * bad_a), seen_b = act_a * (1.0f - discount * bad_b);
    float good_a = luck_a < seen_a ? 1.0f : 0.0f, good_b = luck_b < seen_b ? 1.0f : 0.0f;
    float gap = t.framing[b] - t.framing[a];
    float move_a = std::fabs(gap) < debates + p.framing_trust * a_in_b ? p.framing_step * gap : 0.0f;
    float move_b = std::fabs(gap) < debates + p.framing_trust * b_in_a ? p.framing_step * gap : 0.0f;
    t.framing[a] += move_a, t.framing[b] -= move_b;
    t.r[kb][a] += good_a, t.r[ka][b] += good_b;
    t.u[kb][a] += (1.0f + (p.trust_bad_news - 1.0f) * bad_a) * (1.0f - good_a);
    t.u[ka][b] += (1.0f + (p.trust_bad_news - 1.0f) * bad_b) * (1.0f - good_b);
    sums.acts += 2, sums.good += good_a + good_b, sums.seen += seen_a + seen_b;
}
struct Luck { u64 meet, present, pair, act, reveal, attempt, flip, advance, leave, turnover; };

static int meet(const Settings& p, const Town& town, Arena& a, Tile& t, u64 where, const Luck& luck, Sums& sums) {
    for (int k = 0; k < 4; ++k) {
        LANE t.r[k][s] *= p.trust_kept;
        LANE t.u[k][s] *= p.trust_kept;
    }
    float pace = p.arenas_meetings * (0.5f + 0.5f * town.climate[4] * (300.0f / 158.0f));
    pace *= 1.0f - p.context_meetings_closed * (1.0f - p.arenas_digital);
    int whole = int(pace), meetings = std::min(whole + (draw(luck.meet, where) < pace - whole), MOST_MEETINGS);
    if (!meetings || !a.taken) return 0;
    float upheld = p.talk_base + p.talk_support * (0.5f * (town.leadership + p.arenas_facilitation) - 0.5f)
                 - 0.5f * p.talk_trust - 0.5f * p.talk_commitment;
    float bound = p.framing_base + p.framing_debates * (town.climate[6] - 0.5f);
    float base = p.meet_presence + p.arenas_digital * p.meet_digital - 1.0f;
    int rounds = std::min(int(p.meet_rounds), MOST_ROUNDS);
    for (int meeting = 0; meeting < meetings; ++meeting) {
        u64 here = where * MOST_MEETINGS + meeting;
        u32 came = 0;
        LANE {
            u64 slot = (where * 64 + (s >> 2) * 16 + (s & 3)) * MOST_MEETINGS + meeting;
            float lot = draw(luck.present, slot);
            came |= u32(lot * (1.0f + exponential(-base - 2.0f * t.commitment[s])) < 1.0f) << s;
        }
        came &= a.taken;
        int n = 0, circle[LANES + 1];
        u32 pick[LANES];
        for (u32 left = came; left; left &= left - 1) circle[n++] = __builtin_ctz(left);
        LANE pick[s] = (word(luck.pair, here * 64 + s) >> 32) * u64(s + 1) >> 32;
        for (int last = n - 1; last > 0; --last) std::swap(circle[last], circle[pick[last]]);
        int round = n + (n & 1);
        circle[n] = -1;
        for (int turn = 0; turn < std::min(rounds, round - 1); ++turn) {
            u64 slots = (here * MOST_ROUNDS + turn) * 64;
            float lot[LANES];
            LANE lot[s] = draw(luck.act, slots + s);
            for (int pair = 0; pair < round / 2; ++pair) {
                int first = 0, second = 1 + turn;
                if (pair) {
                    first = 1 + turn + pair, second = 1 + turn - pair;
                    if (first >= round) first -= round - 1;
                    if (second < 1) second += round - 1;
                }
                int one = circle[first], two = circle[second];
                if (one < 0 || two < 0) continue;
                talk(p, t, one, two, upheld, bound, lot[one], lot[two], sums);
            }
        }
        a.present |= came;
        LANE {
            float here_s = came >> s & 1 ? 1.0f : 0.0f;
            t.framing[s] += here_s * p.framing_pull * (t.framing_anchor[s] - t.framing[s]);
            t.fatigue[s] += here_s * p.leave_fatigue_meeting;
        }
    }
    return meetings;
}

// ---------------------------------------------------------------- search
static void search(const World& w, const Settings& p, const Town& town, Arena& a, Tile& t, u64 where, const Luck& luck) {
    const float* c = w.landscapes + (a.landscape << (w.coupling + 5));
    float trying = std::fmin(p.search_try + p.search_try_climate * scalar_climate(town), 1.0f);
    float staff = std::fmin(trying + p.arenas_idea_time, 1.0f), boldness = p.search_boldness * town.climate[8];
    u32 shown[4] = {0, 0, 0, 0}, tries = 0;
    int best[4];
    u64 bits[LANES];
    LANE bits[s] = word(luck.reveal, where * 64 + (s >> 2) * 16 + (s & 3));
    for (int k = 0; k < 4; ++k) {
        u32 seen = 0;
        LANE seen |= u32(float(int32_t(bits[s] >> (16 * k) & 0xFFFF)) * (1.0f / 65536.0f)
                         < p.search_sharing * trust_of(t.r[k][s], t.u[k][s])) << s;
        shown[k] = seen & a.present;
        best[k] = -1;
        float top = -1.0f;
        for (u32 left = shown[k]; left; left &= left - 1) {
            int s = __builtin_ctz(left);
            if (t.worth[s] > top) top = t.worth[s], best[k] = s;
        }
    }
    LANE tries |= u32(draw(luck.attempt, (where * 64 + (s >> 2) * 16 + (s & 3)) * 2) < (s < 4 ? staff : trying)) << s;
    u32 found = 0;
    int32_t solutions[LANES];
    float worths[LANES];
    for (u32 left = tries & a.present; left; left &= left - 1) {
        int s = __builtin_ctz(left), k = s >> 2;
        u64 slot = where * 64 + k * 16 + (s & 3);
        if (best[k] >= 0 && t.worth[best[k]] > t.worth[s]) {  // nobody copies themselves: one is not better than oneself
            solutions[s] = t.solution[best[k]], worths[s] = t.worth[best[k]];
            found |= 1u << s;
        } else if (w.process->may_propose[a.phase][k]) {
            int choice = below(word(luck.flip, slot * 2), 6), solution = t.solution[s] ^ 1 << ((4 * k + choice) & 15);
            if (draw(luck.attempt, slot * 2 + 1) < boldness) {
                int other = (choice + 1 + below(word(luck.flip, slot * 2 + 1), 5)) % 6;
                solution ^= 1 << ((4 * k + other) & 15);
            }
            float value = worth_of(solution, c, w.coupling);
            if (value > t.worth[s]) {
                solutions[s] = solution, worths[s] = value;
                found |= 1u << s;
                a.proposals[k] += 1;
            }
        }
    }
    for (; found; found &= found - 1) {
        int s = __builtin_ctz(found);
        t.solution[s] = solutions[s], t.worth[s] = worths[s];
        if (worths[s] > a.best_worth) a.best_worth = worths[s], a.best_solution = solutions[s], a.progress = 1;
    }
}
