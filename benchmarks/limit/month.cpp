// The practical limit: the engine's month in C++, 32-bit numbers, one thread, tuned by hand.
//
// The same rules and the same addressed luck as cosim/engine, so that runs begin alike and stay statistically alike.
// What makes it quick: a member's traits lie in rows of 16 lanes (one tile an arena), of four where only a unit's own
// staff is invited, so that a pass over the seats is one vector, or a pair; sets of seats are bits; exponentials are
// short polynomials; people are one cache line each; those who are asked and the next arenas are fetched beforehand;
// open places are found without touching their tiles. Left out, as in the plain model: recruitment, thresholds, copying
// with errors, the conformity rule and scandals. Sixteen seats an arena, at most.
#include "world.h"

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
    u64 luck = luck_of(w.run_luck, month, D_OPEN), lots = luck_of(w.run_luck, month, D_INVITED),
        idle = luck_of(w.run_luck, -1, D_IDLE);
    bool allowed = gate_is_open(w, p, place, town);
    float chance = 1.0f - exponential(-p.arenas_opening * (0.5f + town.leadership));
    w.running.clear();
    for (i64 h = place.host_first; h < place.host_last; ++h) {
        const HOST& host = w.hosts[h];
        for (int number = 0; number < w.n_places; ++number) {
            i64 a = h * w.n_places + number;
            if (w.open[a]) {
                w.running.push_back(a);
                continue;
            }
            u64 where = host.address * PLACES + number;
            int invited, shared = 1;
            if (host.kind == 1) {
                if (number > 0 || host.month != month) continue;
                invited = host.invited;
            } else {
                if (number >= p.arenas_parallel || !allowed || draw(luck, where) >= chance) continue;
                if (draw(idle, host.address) < p.arenas_idle_units) continue;
                invited = 15;
                if (draw(lots, where * 8) >= p.arenas_openness)
                    invited = 1 | (draw(lots, where * 8 + 1) < p.arenas_invite_private) << 1
                            | (draw(lots, where * 8 + 2) < p.arenas_invite_civic) << 2
                            | (draw(lots, where * 8 + 3) < p.arenas_invite_research) << 3;
                shared = draw(lots, where * 8 + 4) < p.arenas_invite_units;
            }
            begin(w, w.arenas[a], where, month, invited, shared);
            w.open[a] = 1;
            w.running.push_back(a);
            town.counts[0] += 1;
            town.counts[1] += invited != 1;
        }
    }
}

// ---------------------------------------------------------------- join
template <class S> INLINE void sit_down(const World& w, Arena& a, Tile<S>& t, int s, Person& one, i64 actor, i64 place, int sector, float trust, u64 bits) {
    for (int k = 0; k < 4; ++k) t.r[k][s] = one.r[k], t.u[k][s] = one.u[k];
    t.optimism[s] = one.optimism, t.identity[s] = one.identity, t.anchor[s] = one.anchor;
    t.framing[s] = one.framing, t.framing_anchor[s] = one.framing_anchor * 0x1p-16f, t.fatigue[s] = one.fatigue;
    t.creativity[s] = one.creativity * 0x1p-16f;
    t.actor[s] = actor, t.former[s] = one.former, t.age[s] = one.age;
    one.seat = place * Many::LANES + s;
    a.taken |= 1u << s;
    t.commitment[s] = (trust + one.optimism + one.identity) * (1.0f / 3.0f);
    int idea = (bits & 63) << (4 * sector);
    t.solution[s] = a.start_solution ^ ((idea | idea >> 16) & 0xFFFF);
    t.worth[s] = worth_of(t.solution[s], w.landscapes + (a.landscape << (w.coupling + 5)), w.coupling);
    if (t.worth[s] > a.best_worth) a.best_worth = t.worth[s], a.best_solution = t.solution[s];
    if (a.first_phase[sector] < 0) a.first_phase[sector] = a.phase;
    a.joins += 1;
}
static void ask_around(World& w, const Settings& p, int month, int m) {  // draws who is asked
    const PLACE& place = w.places[m];
    u64 lots = luck_of(w.run_luck, month, D_CANDIDATE);
    const int seats[4] = {int(p.arenas_seats_public), int(p.arenas_seats_private), int(p.arenas_seats_civic), int(p.arenas_seats_research)};
    const int turns[4] = {int(p.join_invitations_public), int(p.join_invitations_private), int(p.join_invitations_civic), int(p.join_invitations_research)};
    w.askings.clear(), w.asked.clear();
    for (i64 at : w.running) {
        const Arena& a = w.arenas[at];
        i64 h = at / w.n_places;
        const HOST& host = w.hosts[h];
        u64 where = host.address * PLACES + at - h * w.n_places;
        for (int k = 0; k < 4; ++k) {
            if (!(a.invited >> k & 1) || !w.process->may_take_part[a.phase][k]) continue;
            u32 empty = ((1u << seats[k]) - 1) << (4 * k) & ~a.taken;
            i64 first = place.sector_first[k], last = place.sector_first[k + 1];
            if (!empty || last <= first) continue;
            u64 slot = (where * 4 + k) * (2 * MOST_TURNS);
            bool own = k == 0 && host.kind != 1;
            w.askings.push_back({at, slot, k, int(w.asked.size())});
            for (int turn = 0; turn < std::min(turns[k], MOST_TURNS); ++turn) {
                bool near = own && (!a.shared || turn % 2 == 0);
                i64 f = near ? host.staff_first : first, l = near ? host.staff_last : last;
                w.asked.push_back(f + below(word(lots, slot + turn), l - f));
            }
        }
    }
    w.askings.push_back({0, 0, 0, int(w.asked.size())});
}
static void fill_seats(World& w, const Settings& p, int month, int m) {
    Town& town = w.towns[m];
    u64 luck = luck_of(w.run_luck, month, D_ACCEPT), ideas = luck_of(w.run_luck, month, D_IDEA);
    const int seats[4] = {int(p.arenas_seats_public), int(p.arenas_seats_private), int(p.arenas_seats_civic), int(p.arenas_seats_research)};
    const float base[4] = {p.join_base_public, p.join_base_private, p.join_base_civic, p.join_base_research};
    int fetched = 0, n = int(w.askings.size()) - 1;
    for (int i = 0; i < n; ++i) {
        auto [at, slot, k, first] = w.askings[i];
        int turns = w.askings[i + 1].first - first;
        for (int last = w.askings[std::min(i + AHEAD, n)].first; fetched < last; ++fetched)
            __builtin_prefetch(&w.persons[w.asked[fetched]], 1);
        Arena& a = w.arenas[at];
        int members = __builtin_popcount(a.taken), offered = 0;
        for (int j = 0; j < 4; ++j) offered += (a.invited >> j & 1) * seats[j];
        float share = 1.0f / offered;
        u32 empty = ((1u << seats[k]) - 1) << (4 * k) & ~a.taken;
        for (int turn = 0; turn < turns && empty; ++turn) {
            i64 who = w.asked[first + turn];
            Person& one = w.persons[who];
            town.counts[5] += 1;
            if (one.seat >= 0) continue;
            int gone = one.left < 0 ? 0 : month - one.left;
            if (gone > 0) one.mood = mood_after(one, w.kept[gone]), one.left = month;
            float trust = 0.25f * sum(trust_of(one.r, one.u));
            float odds = base[k] + p.join_trust * (2 * trust - 1) + p.join_optimism * (2 * one.optimism - 1)
                       + p.join_identity * (2 * one.identity - 1) + p.join_filled * (members * share)
                       - p.join_fatigue * one.fatigue;
            if (!happens(draw(luck, slot + turn), odds)) continue;
            int s = __builtin_ctz(empty);
            empty &= empty - 1;
            with_tile(w, at, [&](auto& t) { sit_down(w, a, t, s, one, who, at, k, trust, word(ideas, slot + turn)); });
            town.counts[6 + k] += 1;
            members += 1;
        }
    }
}

// ---------------------------------------------------------------- meet
struct Luck { u64 meet, present, pair, act, reveal, attempt, flip, advance, leave, turnover; };

// One round of talk, all pairs at once; a lane without a partner is its own.
template <class S, class F = S::F, class I = S::I>
INLINE void talk(const Settings& p, Tile<S>& t, I partner, u32 talks, F lot, float upheld, float bound, Sums& sums) {
    I other = partner >> 2, met = lanes_of<S>(talks);
    F r = t.r[0], u = t.u[0];
    for (int k = 1; k < S::SECTORS; ++k) r = select(other == k, t.r[k], r), u = select(other == k, t.u[k], u);
    F trust = trust_of(r, u), doubt = 1.0f - t.identity;
    F act = least(most(upheld + p.talk_trust * trust + p.talk_commitment * t.commitment, F{} + 0.02f), F{} + 0.98f);
    F discount = where(other != S::SECTOR, F{} + p.talk_discount)
               + where(t.former != of_partner(t.former, partner), F{} + p.talk_discount_former);
    F seen = of_partner(act, partner) * (1.0f - least(discount, F{} + 1.0f) * doubt);
    I good = (lot < seen) & met, bad = ~good & met;
    F gap = of_partner(t.framing, partner) - t.framing, reach = bound + p.framing_trust * trust;
    t.framing += where(met & (gap < reach) & (-gap < reach), p.framing_step * gap);
    F gain = where(good, F{} + 1.0f), loss = where(bad, 1.0f + (p.trust_bad_news - 1.0f) * doubt);
    for (int k = 0; k < S::SECTORS; ++k) t.r[k] += where(other == k, gain), t.u[k] += where(other == k, loss);
    sums.acts += __builtin_popcount(talks), sums.good += __builtin_popcount(bits_of(good)), sums.seen += sum(where(met, seen));
}
template <class S, class F = S::F, class I = S::I>
static int meet(const Settings& p, const Town& town, Arena& a, Tile<S>& t, u64 place, const Luck& luck, Sums& sums) {
    for (int k = 0; k < 4; ++k) t.r[k] *= p.trust_kept, t.u[k] *= p.trust_kept;
    float pace = p.arenas_meetings * (0.5f + 0.5f * town.climate[4] * (300.0f / 158.0f));
    pace *= 1.0f - p.context_meetings_closed * (1.0f - p.arenas_digital);
    int full = int(pace), meetings = std::min(full + (draw(luck.meet, place) < pace - full), MOST_MEETINGS);
    float upheld = p.talk_base + p.talk_support * (0.5f * (town.leadership + p.arenas_facilitation) - 0.5f)
                 - 0.5f * p.talk_trust - 0.5f * p.talk_commitment;
    float bound = p.framing_base + p.framing_debates * (town.climate[6] - 0.5f);
    float base = p.meet_presence + p.arenas_digital * p.meet_digital - 1.0f;
    int most_rounds = std::min(int(p.meet_rounds), MOST_ROUNDS);
    for (int meeting = 0; meeting < meetings; ++meeting) {
        u64 here = place * MOST_MEETINGS + meeting;
        F lot = units<S>(luck.present, place * 64, MOST_MEETINGS, meeting);
        u32 came = bits_of(happens(lot, base + 2.0f * t.commitment)) & a.taken;
        int n = 0, circle[S::LANES + 1];
        for (u32 left = came; left; left &= left - 1) circle[n++] = __builtin_ctz(left);
        for (int last = n - 1; last > 0; --last)
            std::swap(circle[last], circle[below(word(luck.pair, here * 64 + last), last + 1)]);
        int round = n + (n & 1), rounds = std::min(most_rounds, round - 1);
        for (int turn = 0; turn < rounds; ++turn) {
            u64 partners = 0xFEDCBA9876543210;
            u32 talks = came;
            for (int pair = 0; pair < round / 2; ++pair) {
                int first = 0, second = 1 + turn;
                if (pair) {
                    first = 1 + turn + pair, second = 1 + turn - pair;
                    first -= first >= round ? round - 1 : 0, second += second < 1 ? round - 1 : 0;
                }
                int one = circle[first], two = circle[second];
                if (second >= n) talks &= ~(1u << one);
                else if (first >= n) talks &= ~(1u << two);
                else partners ^= ((1ull << 4 * one) + (1ull << 4 * two)) * (one ^ two);
            }
            F acts = units<S>(luck.act, (here * MOST_ROUNDS + turn) * 64);
            talk(p, t, nibbles<S>(partners), talks, acts, upheld, bound, sums);
        }
        a.present |= came;
        I guests = lanes_of<S>(came);
        t.framing += where(guests, p.framing_pull * (t.framing_anchor - t.framing));
        t.fatigue += where(guests, F{} + p.leave_fatigue_meeting);
    }
    return meetings;
}

// ---------------------------------------------------------------- search
template <class S, class F = S::F, class I = S::I>
static void search(const World& w, const Settings& p, const Town& town, Arena& a, Tile<S>& t, u64 place, const Luck& luck) {
    const float* c = w.landscapes + (a.landscape << (w.coupling + 5));
    float trying = least(p.search_try + p.search_try_climate * scalar_climate(town), 1.0f);
    float boldness = p.search_boldness * town.climate[8];
    F chance = trying + p.search_try_creativity * (t.creativity - 0.5f) + where(S::SECTOR == 0, F{} + p.arenas_idea_time);
    u32 tries = bits_of(units<S>(luck.attempt, place * 64, 2) < chance) & a.present;
    int best[4] = {-1, -1, -1, -1};
    auto bits = words<S>(luck.reveal, place * 64);
    for (int k = 0; k < S::SECTORS; ++k) {
        if (!(tries >> (4 * k) & 15)) continue;  // nobody there to look
        F part = floats(joined(bits >> (16 * k) & 0xFFFF)) * 0x1p-16f;
        I shown = (part < p.search_sharing * trust_of(t.r[k], t.u[k])) & lanes_of<S>(a.present);
        F worths = where(shown, t.worth);
        u32 tops = bits_of(shown & (worths == highest(worths)));
        if (tops) best[k] = __builtin_ctz(tops);
    }
    u32 found = 0;
    int32_t solutions[S::LANES];
    float worths[S::LANES];
    for (u32 left = tries; left; left &= left - 1) {
        int s = __builtin_ctz(left), k = s >> 2;
        u64 slot = seat_slot(place, s);
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

// ---------------------------------------------------------------- read and move the constructs
template <class S, class F = S::F, class I = S::I>
static int read_arena(const Settings& p, const Town& town, Arena& a, const Tile<S>& t, int met, float best, const Sums& sums) {
    float* out = a.readings;
    int members = __builtin_popcount(a.taken);
    out[J_] = capacity_of(p, town);
    out[W_] = most((a.best_worth - 0.5f) / (best - 0.5f), 0.0f);
    out[CLIMATE] = scalar_climate(town), out[LEADERSHIP] = town.leadership, out[DESIGN] = town.design;
    out[ADMINISTRATION] = town.administration, out[EXPERIENCE] = town.experience;
    if (sums.acts > 0) out[CONFLICT] = 1.0f - sums.seen / sums.acts;
    out[INCENTIVES] = p.context_incentives, out[INTERDEPENDENCE] = p.context_interdependence;
    out[UNCERTAINTY] = p.context_uncertainty, out[MANDATE] = p.context_mandate;
    out[POWER_SHARE] = a.invited > 1 && int(p.arenas_decision_rule) != 1 ? p.arenas_power_share : 0.0f, out[FACILITATION] = p.arenas_facilitation;
    if (!members) {
        out[E_] = out[T_] = out[Q_] = out[U_] = out[O_] = out[I_] = out[DIVERSITY] = 0;
        return 0;
    }
    I in = lanes_of<S>(a.taken);
    F trusts = {};
    int sectors = 0;
    for (int k = 0; k < S::SECTORS; ++k)
        if (a.taken >> (4 * k) & 15) trusts += trust_of(t.r[k], t.u[k]), sectors += 1;
    float per = 1.0f / members, framing = sum(where(in, t.framing)) * per;
    F gap = t.framing - framing;
    float spread = sum(where(in, most(gap, -gap)));
    out[E_] = met ? __builtin_popcount(a.present) * per * sectors / __builtin_popcount(a.invited) : 0.0f;
    out[T_] = sum(where(in, trusts)) * per / sectors, out[Q_] = sum(where(in, t.commitment)) * per;
    out[O_] = sum(where(in, t.optimism)) * per, out[I_] = sum(where(in, t.identity)) * per;
    out[U_] = cut(1.0f - 2.0f * spread * per, 0.0f, 1.0f);
    out[DIVERSITY] = sectors * 0.25f;
    return members;
}
static void move_constructs(const World& w, const Settings& p, Arena& a, bool fresh, float* was) {
    const Process& f = *w.process;
    alignas(16) float seen[NODES] = {}, inflow[NODES] = {};
    for (int k = 0; k < f.n_nodes; ++k) seen[k] = f.reading[k] >= 0 ? 2.0f * a.readings[f.reading[k]] - 1.0f : 0.0f;
    std::memcpy(was, fresh ? seen : a.nodes, sizeof seen);
    for (const Arrow& one : w.arrows) {
        float weight = one.weight;
        if (one.moderator >= 0) weight *= one.low + (one.high - one.low) * a.readings[one.moderator];
        inflow[one.to] += weight * was[one.from];
    }
    for (int k = 0; k < f.n_nodes; k += 4) {
        F4 measured = four_at(seen + k), before = four_at(was + k);
        F4 x = p.process_gain * four_at(inflow + k) + w.input_weight[k / 4] * measured + w.bias[k / 4];
        F4 target = (1.0f - p.process_arrows) * measured + p.process_arrows * (1.0f - 2.0f / (exponential(2.0f * x) + 1.0f));
        F4 after = before + (target - before) * (1.0f / p.process_inertia);
        four_at(a.nodes + k) = least(most(after, F4{} - 1.0f), F4{} + 1.0f);
    }
}
static void keep_lagged(double* sums, const float* now, const float* before) {
    sums[0] += 1;
    for (int one = 0; one < 6; ++one) {
        double x = before[one], y = now[one];
        sums[1 + one] += x, sums[7 + one] += y, sums[13 + one] += x * x, sums[19 + one] += y * y;
        for (int two = 0; two < 6; ++two) sums[25 + one * 6 + two] += x * now[two];
    }
}

// ---------------------------------------------------------------- advance, decide, learn
template <class S> static float measure_support(const World& w, const Settings& p, const Arena& a, const Tile<S>& t) {
    float framing = 0, sides[2] = {0, 0};
    int n[2] = {0, 0};
    for (u32 left = a.taken; left; left &= left - 1) framing += t.framing[__builtin_ctz(left)];
    framing /= __builtin_popcount(a.taken);
    for (u32 left = a.taken; left; left &= left - 1) {
        int s = __builtin_ctz(left), side = s >= 4;
        if (!w.process->may_decide[a.phase][s >> 2]) continue;
        float reservation = p.decide_reservation + p.decide_reservation_optimism * (1.0f - t.optimism[s]);
        sides[side] += a.readings[W_] >= reservation && std::fabs(t.framing[s] - framing) <= p.decide_distance;
        n[side] += 1;
    }
    for (int side = 0; side < 2; ++side) sides[side] /= n[side] ? n[side] : 1;
    float power = a.readings[POWER_SHARE];
    return !n[1] ? sides[0] : !n[0] ? sides[1] : (1.0f - power) * sides[0] + power * sides[1];
}
template <class S>
static int advance(const World& w, const Settings& p, Arena& a, const Tile<S>& t, u64 where, int month, const Luck& luck) {
    const Process& f = *w.process;
    int phase = a.phase;
    float q[NODES + READINGS];
    for (int k = 0; k < f.n_nodes; ++k) q[k] = 0.5f * (1.0f + a.nodes[k]);
    std::memcpy(q + NODES, a.readings, sizeof(float) * READINGS);
    if (f.hazard_gate[phase] >= 0 && q[f.hazard_gate[phase]] <= float(f.gate_level[phase])) return RUNNING;
    float form = combined(f.hazard_form[phase], f.hazard_term[phase], f.hazard_weight[phase], f.hazard_constant[phase], q);
    float hazard = p.process_base_hazard * float(f.scale * f.hazard_rate[phase]) * most(form, 0.0f);
    if (draw(luck.advance, where) >= 1.0f - exponential(-hazard)) return RUNNING;
    int rule = f.decision_rule[phase];
    if (rule && p.arenas_decision_rule > 0.5f) rule = int(p.arenas_decision_rule);
    if (rule) {
        if (rule == 1) a.readings[POWER_SHARE] = 0;
        float support = a.readings[SUPPORT] = measure_support(w, p, a, t);
        a.votes += 1;
        if (support < (rule == 3 ? p.decide_supermajority : rule == 4 ? 1.0f : p.decide_majority)) {
            if (f.back[phase] < 0) return NO_SUPPORT;
            a.phase = f.back[phase];
            return RUNNING;
        }
    }
    a.progress = 1;
    if (phase + 1 < f.n_phases) {
        a.phase = phase + 1;
        return RUNNING;
    }
    float capacity = q[f.capacity_quantity];
    float chance = cut(0.3f + 0.7f * q[NODES + W_], 0.0f, 1.0f) * (0.5f + 0.5f * capacity);
    chance += (1.0f - chance) * p.decide_testing_gain * p.arenas_testing;
    if (draw(luck_of(w.run_luck, month, D_SUCCESS), where) < chance) return DELIVERED;
    float cost = 1.0f - capacity, policy = __builtin_popcount(a.best_solution ^ a.start_solution) / 16.0f;
    return draw(luck_of(w.run_luck, month, D_CAUSE), where) * (cost + policy) <= cost ? COST : POLICY;
}
static void tally(Arena& a, int month, int met, int members, const Sums& sums) {
    a.seat_months += members;
    if (!met) return;
    if (a.months_met == 0) a.trust_first = a.readings[T_], a.understanding_first = a.readings[U_];
    a.months_met += 1;
    a.presence += members ? float(__builtin_popcount(a.present)) / members : 0.0f;
    a.engagement += a.readings[E_], a.understanding += a.readings[U_];
    if (a.readings[E_] > a.peak_engagement) a.peak_engagement = a.readings[E_], a.peak_engagement_month = month - a.opened;
    if (a.readings[J_] > a.peak_capacity) a.peak_capacity = a.readings[J_], a.peak_capacity_month = month - a.opened;
    a.acts += sums.acts, a.acts_good += sums.good;
    if (a.progress && a.wins_first_month < 0) a.wins_first_month = month - a.opened;
}
template <class S, class F = S::F> static void learn(const World& w, const Settings& p, const Arena& a, Tile<S>& t, int ending) {
    const Process& f = *w.process;
    float good = a.progress, won = ending == DELIVERED;
    float optimism = f.progress_optimism, commitment = f.progress_commitment, wins = f.wins_to_trust;
    if (optimism > 0)
        t.optimism = after_news(t.optimism, good, optimism * p.learn_progress_good, optimism * p.learn_progress_bad);
    if (commitment > 0)
        t.commitment += commitment * p.learn_commitment_progress * (good - t.commitment);
    if (wins > 0 && a.progress)
        for (int k = 0; k < S::SECTORS; ++k)
            if (a.taken >> (4 * k) & 15) t.r[k] += wins;
    float success = 0;
    if (ending != RUNNING) {
        float up = f.outcome_optimism * p.learn_outcome_good, down = f.outcome_optimism * p.learn_outcome_bad;
        t.optimism = after_news(t.optimism, won, up, down);
        t.commitment += float(f.outcome_commitment) * p.learn_commitment_outcome * (won - t.commitment);
        if (won < 0.5f)
            t.u[0] += where(S::SECTOR > 0, F{} + p.learn_silence * (1.0f - p.arenas_feedback_participants));
        success = won * float(f.outcome_identity) * p.learn_identity_success;
    }
    t.identity += success * (1.0f - t.identity) - p.learn_identity_anchor * (t.identity - t.anchor);
}

// ---------------------------------------------------------------- leave and close
template <class S> INLINE void go_home(const World& w, Arena& a, const Tile<S>& t, int s, int month) {
    Person& one = w.persons[t.actor[s]];
    for (int k = 0; k < 4; ++k) one.r[k] = t.r[k][s], one.u[k] = t.u[k][s];
    one.optimism = t.optimism[s], one.identity = t.identity[s], one.framing = t.framing[s], one.fatigue = t.fatigue[s];
    one.seat = -1, one.left = month;
    a.taken &= ~(1u << s), a.present &= ~(1u << s);
}
template <class S, class F = S::F, class I = S::I>
static int drop_out(const World& w, const Settings& p, Arena& a, Tile<S>& t, u64 place, const Luck& luck, int month) {
    F odds = p.leave_base + p.leave_commitment * (1.0f - 2.0f * t.commitment) + p.leave_fatigue * t.fatigue;
    I tired = happens(units<S>(luck.leave, place * 64), odds);
    u32 goes = bits_of(tired | (units<S>(luck.turnover, place * 64) < p.leave_turnover)) & a.taken;
    t.fatigue *= p.leave_fatigue_kept;
    for (u32 left = goes; left; left &= left - 1) go_home(w, a, t, __builtin_ctz(left), month);
    a.leaves += __builtin_popcount(goes);
    return __builtin_popcount(goes);
}
static float hours_of(const Settings& p) {
    return p.cost_staff_hour * (p.cost_hours_a_meeting * p.arenas_meetings + p.cost_idea_hours * p.arenas_idea_time);
}
static float running_of(const Settings& p) { return p.cost_budget * p.arenas_budget + p.cost_testing * p.arenas_testing; }
static float opening_of(const Settings& p) {
    return p.cost_facilitation * p.arenas_facilitation + p.cost_venue * p.arenas_meetings + p.cost_recruitment * p.arenas_recruitment;
}
template <class S>
static void write_arena(ARENA_ROW& row, const Settings& p, const Arena& a, const Tile<S>& t, const HOST& host,
                        int m, i64 h, int number, int month, int ending) {
    float met = most(a.months_met, 1.0f);
    row.municipality = m, row.host = h, row.place = number, row.area = host.area, row.focus = host.focus;
    row.scheduled = host.kind, row.invited = a.invited, row.shared = a.shared, row.opened = a.opened;
    row.closed = month, row.ending = ending, row.last_phase = a.phase, row.worth = a.readings[W_];
    row.support = a.readings[SUPPORT], row.power_share = a.readings[POWER_SHARE], row.months_met = a.months_met;
    row.presence = a.presence / met, row.engagement = a.engagement / met, row.understanding = a.understanding / met;
    row.understanding_gain = a.readings[U_] - a.understanding_first, row.trust = a.readings[T_];
    row.trust_gain = a.readings[T_] - a.trust_first, row.commitment = a.readings[Q_], row.capacity = a.readings[J_];
    row.acts = a.acts, row.acts_good = a.acts_good, row.seat_months = a.seat_months, row.joins = a.joins;
    row.leaves = a.leaves, row.peak_engagement_month = a.peak_engagement_month;
    row.peak_capacity_month = a.peak_capacity_month, row.wins_first_month = a.wins_first_month, row.decided = a.votes > 0;
    float monthly = running_of(p) + (a.invited != 1 ? opening_of(p) : 0);
    row.cost = monthly * (month - a.opened + 1) + hours_of(p) * a.seat_months;
    for (int k = 0; k < 4; ++k) {
        row.members[k] = __builtin_popcount(a.taken >> (4 * k) & 15);
        row.first_phase[k] = a.first_phase[k], row.proposals[k] = a.proposals[k];
    }
    std::memset(row.ages, 0, sizeof row.ages);
    for (u32 left = a.taken; left; left &= left - 1) row.ages[t.age[__builtin_ctz(left)]] += 1;
}
static void write_innovation(INNOVATION_ROW& row, const Settings& p, const ARENA_ROW& done, i64 arena_row, u64 luck, u64 where) {
    float staff = least(done.members[0] / most(p.arenas_seats_public, 1.0f), 1.0f), lift = p.value_by_worth * (done.worth - 0.5f);
    row.municipality = done.municipality, row.host = done.host, row.arena_row = arena_row, row.month = done.closed;
    row.months_taken = done.closed - done.opened + 1, row.area = done.area, row.focus = done.focus;
    row.type = below(word(luck, where * 8), 5), row.value = done.worth;
    row.quality = draw(luck, where * 8 + 1) < p.value_quality + lift;
    row.efficiency = draw(luck, where * 8 + 2) < p.value_efficiency + lift;
    row.staff_satisfaction = draw(luck, where * 8 + 3) < p.value_satisfaction + lift + p.value_by_staff * (staff - 0.5f);
    row.citizen_influence = draw(luck, where * 8 + 4) < p.value_influence + (done.members[2] > 0) * p.value_by_power * done.power_share;
    row.invited = done.invited, row.shared = done.shared, row.power_share = done.power_share;
    std::memcpy(row.members, done.members, sizeof row.members);
    row.observability = p.spread_observability, row.n_adopted = 0;
}
template <class S> static void close(World& w, const Settings& p, Tile<S>& t, int m, i64 h, int number, int month, int ending) {
    Town& town = w.towns[m];
    i64 first = w.places[m].log_first, at = h * w.n_places + number, arena_row = first + town.arena_count++;
    HOST& host = w.hosts[h];
    Arena& a = w.arenas[at];
    write_arena(w.arena_log[arena_row], p, a, t, host, m, h, number, month, ending);
    town.counts[2] += 1;
    bool open = a.invited != 1;
    if (ending == DELIVERED) {
        i64 row = first + town.innovation_count++;
        u64 luck = luck_of(w.run_luck, month, D_VALUE);
        write_innovation(w.innovation_log[row], p, w.arena_log[arena_row], arena_row, luck, host.address * PLACES + number);
        for (int other = 0; other < w.n_towns; ++other) {
            w.adopted[row * w.n_towns + other] = -1;
            w.pressure[row * w.n_towns + other] = w.neighbours[other * w.n_towns + m];
        }
        host.newest = month;
        town.counts[3] += 1, town.counts[4] += open, town.outcomes[0] += 1, town.news[0] += open;
    } else {
        host.tried = month;
        town.outcomes[1] += 1, town.news[1] += open;
    }
    t.fatigue *= p.leave_fatigue_kept;
    for (u32 left = a.taken; left; left &= left - 1) go_home(w, a, t, __builtin_ctz(left), month);
    w.open[at] = 0;
}

#include "between.h"
