// A municipality's month as a whole, what passes between municipalities, and what is written down: see month.cpp.
#pragma once

struct Lived {  // what the municipality's row says of its arenas
    float all[READINGS + 2], open[READINGS + 2];
    int active, active_open, members[4];
};
template <class S>
static void live_arena(World& w, const Settings& p, Tile<S>& t, int month, int m, i64 at, const Luck& luck, Lived& lived) {
    Town& town = w.towns[m];
    i64 h = at / w.n_places;
    int number = at - h * w.n_places;
    Arena& a = w.arenas[at];
    u64 where = w.hosts[h].address * PLACES + number;
    a.progress = 0, a.present = 0;
    Sums sums = {0, 0, 0};
    int met = a.taken ? meet(p, town, a, t, where, luck, sums) : 0;
    if (met && a.present) search(w, p, town, a, t, where, luck);
    float earlier[6], before[NODES];
    std::memcpy(earlier, a.readings, sizeof earlier);
    int members = read_arena(p, town, a, t, met, w.best[a.landscape], sums);
    bool fresh = a.seat_months == 0;
    move_constructs(w, p, a, fresh, before);
    if (!fresh) keep_lagged(w.lagged + 61 * m, a.readings, earlier);
    int ending = members && (met || a.months_met > 0) ? advance(w, p, a, t, where, month, luck) : RUNNING;
    tally(a, month, met, members, sums);
    int age = month - a.opened + 1;
    if (ending == RUNNING && age >= p.arenas_oldest) ending = EXHAUSTED;
    if (ending == RUNNING && age > MONTHS_TO_GATHER && !a.taken) ending = EMPTIED;
    learn(w, p, a, t, ending);
    town.counts[11] += met, town.counts[12] += __builtin_popcount(a.present);
    town.counts[13] += int(sums.acts), town.counts[14] += int(sums.good), town.counts[15] += members;
    if (ending != RUNNING) return close(w, p, t, m, h, number, month, ending);
    if (a.taken) town.counts[10] += drop_out(w, p, a, t, where, luck, month);
    lived.active += 1;
    for (int k = 0; k < 4; ++k) lived.members[k] += __builtin_popcount(a.taken >> (4 * k) & 15);
    for (int k = 0; k < READINGS + 2; ++k) lived.all[k] += a.readings[k];
    if (a.invited == 1) return;
    lived.active_open += 1;
    for (int k = 0; k < READINGS + 2; ++k) lived.open[k] += a.readings[k];
}
static void live_arenas(World& w, const Settings& p, int month, int m, MONTH_ROW& row) {
    auto of = [&](u64 decision) { return luck_of(w.run_luck, month, decision); };
    Luck luck = {of(D_MEET), of(D_PRESENT), of(D_PAIR), of(D_ACT), of(D_REVEAL),
                 of(D_ATTEMPT), of(D_FLIP), of(D_ADVANCE), of(D_LEAVE), of(D_TURNOVER)};
    Lived lived = {};
    for (size_t i = 0; i < w.running.size(); ++i) {
        i64 at = w.running[i], ahead = w.running[std::min(i + 2, w.running.size() - 1)];
        fetch(&w.arenas[ahead], sizeof(Arena)), fetch(&w.tiles[ahead], sizeof(Tile<Few>));
        with_tile(w, at, [&](auto& t) { live_arena(w, p, t, month, m, at, luck, lived); });
    }
    row.active = lived.active, row.active_open = lived.active_open;
    std::memcpy(row.members, lived.members, sizeof lived.members);
    for (int k = 0; k < READINGS; ++k) {
        row.readings[k] = lived.active ? lived.all[k] / lived.active : 0.0f;
        row.readings_open[k] = lived.active_open ? lived.open[k] / lived.active_open : 0.0f;
    }
}

static i64 end_of_units(const World& w, const PLACE& place) {
    i64 last = place.host_last;
    while (last > place.host_first && w.hosts[last - 1].kind == 1) --last;
    return last;
}
static void learn_as_town(World& w, const Settings& p, int month, int m) {
    Town& town = w.towns[m];
    const PLACE& place = w.places[m];
    float units = std::max<i64>(end_of_units(w, place) - place.host_first, 1), climate = w.process->outcome_climate;
    for (int outcome = 0; outcome < 2; ++outcome) {
        if (town.outcomes[outcome] == 0 || climate == 0) continue;
        float rate = cut(climate * p.learn_climate * town.outcomes[outcome] / units, 0.0f, 1.0f);
        for (int k = 0; k < 10; ++k) town.climate[k] = towards(town.climate[k], w.anchors[10 * outcome + k], rate);
    }
    town.experience = towards(town.experience, 1.0f, cut(p.learn_experience * town.news[0] / units, 0.0f, 1.0f));
    float told = town.news[0] + town.news[1];
    i64 people = place.actor_last - place.actor_first;
    u64 luck = luck_of(w.run_luck, month, D_NEWS), base = u64(place.address) << 32;
    float reach = p.learn_spectators * told * 2.0f * p.arenas_feedback_public / w.persons_per_actor;
    i64 hearers = std::min<i64>(reach + draw(luck, base + (1u << 31)), people);
    if (told == 0 || hearers <= 0) return;
    float share = town.news[0] / told, up = p.learn_outcome_good * p.learn_spectator_share,
          down = p.learn_outcome_bad * p.learn_spectator_share;
    double stretch = double(people) / hearers;
    auto hearer_at = [&](i64 i) {
        i64 step = (i + (word(luck, base + 2 * i) >> 11) * 0x1p-53) * stretch;
        return place.actor_first + std::min(step, people - 1);
    };
    for (i64 i = 0; i < hearers; ++i) {
        Person& one = w.persons[hearer_at(i)];
        if (i + 8 < hearers) __builtin_prefetch(&w.persons[hearer_at(i + 8)], 1);
        if (one.seat >= 0) continue;
        float good = draw(luck, base + 2 * i + 1) < share ? 1.0f : 0.0f;
        one.optimism = after_news(one.optimism, good, up, down);
    }
}

static void exchange(World& w, int month) {
    float mean[3] = {0, 0, 0};
    int n = 0;
    for (int m = 0; m < w.n_towns; ++m) {
        if (w.places[m].experienced < 0.5 || w.places[m].exchanging < 0.5) continue;
        mean[0] += w.towns[m].leadership, mean[1] += w.towns[m].design, mean[2] += w.towns[m].experience;
        n += 1;
    }
    if (!n) return;
    for (int m = 0; m < w.n_towns; ++m) {
        const Settings& p = settings_in(w, month, m);
        int every = p.exchange_every;
        if (w.places[m].exchanging < 0.5 || every <= 0 || (month + 1) % every) continue;
        Town& town = w.towns[m];
        float* own[3] = {&town.leadership, &town.design, &town.experience};
        for (int k = 0; k < 3; ++k) *own[k] = most(towards(*own[k], mean[k] / n, p.exchange_gain), *own[k]);
    }
}
static i64 unit_for(const World& w, const PLACE& place, int area, float lot) {
    i64 n = end_of_units(w, place) - place.host_first, start = std::min<i64>(lot * n, n - 1);
    for (i64 step = 0; step < n; ++step) {
        i64 h = place.host_first + (start + step) % n;
        if (w.hosts[h].area == area) return h;
    }
    return place.host_first + start;
}
static void spread(World& w, int month) {
    int n = w.n_towns;
    if (n < 2) return;
    u64 luck = luck_of(w.run_luck, month, D_SPREAD), lots = luck_of(w.run_luck, month, D_REUSE);
    float climates[512], outside[512], inside[512], mean = 0;
    for (int m = 0; m < n; ++m) mean += (climates[m] = scalar_climate(w.towns[m])) / n;
    for (int m = 0; m < n; ++m) {
        const Settings& p = settings_in(w, month, m);
        outside[m] = p.spread_innovation / 12 * climates[m] / mean, inside[m] = p.spread_imitation / 12 * climates[m] / mean;
    }
    for (int origin = 0; origin < n; ++origin) {
        i64 first = w.places[origin].log_first;
        for (i64 at = first; at < first + w.towns[origin].innovation_count; ++at) {
            INNOVATION_ROW& row = w.innovation_log[at];
            if (row.month >= month) continue;
            int16_t* adopted = w.adopted + at * n;
            float* pressure = w.pressure + at * n;
            u64 made_in = w.hosts[row.host].address * PLACES + w.arena_log[row.arena_row].place;
            u64 where = (made_in * 2048 + row.month) * 16384;
            bool changed = false;
            for (int m = 0; m < n; ++m) {
                if (m == origin || adopted[m] >= 0) continue;
                float hazard = (outside[m] + inside[m] * pressure[m]) * row.observability;
                if (draw(luck, where + w.places[m].address) >= 1.0f - exponential(-hazard)) continue;
                adopted[m] = month, row.n_adopted += 1, changed = true;
                const PLACE& place = w.places[m];
                if (end_of_units(w, place) <= place.host_first) continue;
                w.hosts[unit_for(w, place, row.area, draw(lots, where + place.address))].newest = month;
                w.towns[m].counts[16] += 1;
            }
            if (changed)
                for (int m = 0; m < n; ++m)
                    if (adopted[m] == month)
                        for (int other = 0; other < n; ++other) pressure[other] += w.neighbours[other * n + m];
        }
    }
}

static void observe(World& w, int month, int m, MONTH_ROW& row) {
    const Settings& p = settings_in(w, month, m);
    const PLACE& place = w.places[m];
    Town& town = w.towns[m];
    int32_t counts[17];  // the row begins with them
    for (int k = 0; k < 17; ++k) counts[k] = town.counts[k], town.counts[k] = 0;
    std::memcpy(&row, counts, sizeof counts);
    int units = 0, innovating = 0, tried = 0;
    for (i64 h = place.host_first; h < place.host_last; ++h) {
        const HOST& host = w.hosts[h];
        if (host.kind == 1) continue;
        units += 1;
        bool trying = month - host.tried < WINDOW;
        for (int number = 0; number < w.n_places; ++number) trying |= w.open[h * w.n_places + number];
        bool new_one = month - host.newest < WINDOW;
        innovating += new_one, tried += !new_one & trying;
    }
    row.units = units, row.units_innovating = innovating, row.units_tried_only = tried;
    row.climate = scalar_climate(town), row.leadership = town.leadership, row.experience = town.experience;
    row.cost = row.seat_months * hours_of(p) + row.active * running_of(p)
             + row.active_open * opening_of(p) + p.cost_training * p.leadership_training;
    if (p.exchange_every > 0.5f && place.exchanging > 0.5) row.cost += p.cost_exchange / p.exchange_every;
    for (int k = 0; k < 2; ++k) town.news[k] = town.outcomes[k] = 0;
}
typedef double D4 __attribute__((vector_size(32)));
static void count_people(World& w, int month, int m, int at) {
    for (int k = 0; k < 4; ++k) {
        i64 first = w.places[m].sector_first[k], last = w.places[m].sector_first[k + 1];
        double* out = w.people + ((i64(at) * w.n_towns + m) * 4 + k) * 9;
        D4 trust = {}, mood = {};
        i64 seated = 0;
        for (i64 i = first; i < last; ++i) {
            const Person& one = w.persons[i];
            if (one.seat >= 0) {
                with_tile(w, one.seat / Many::LANES, [&](const auto& t) {
                    int s = one.seat % Many::LANES;
                    for (int j = 0; j < 4; ++j) trust[j] += trust_of(t.r[j][s], t.u[j][s]);
                    mood[0] += t.optimism[s], mood[1] += t.identity[s], mood[2] += t.fatigue[s];
                });
                seated += 1;
                continue;
            }
            int gone = one.left < 0 ? 0 : std::max(month - one.left, 0);
            trust += __builtin_convertvector(trust_of(one.r, one.u), D4);
            mood += __builtin_convertvector(mood_after(one, w.kept[gone]), D4);
        }
        double per = last > first ? 1.0 / (last - first) : 0.0;
        out[0] = last - first;
        for (int j = 0; j < 4; ++j) out[1 + j] = trust[j] * per;
        for (int j = 0; j < 3; ++j) out[5 + j] = mood[j] * per;
        out[8] = seated * per;
    }
}

// ---------------------------------------------------------------- what Python calls
struct Given {  // pointers into the engine's own arrays, and numbers; the order is that of limit/__init__.py
    u64 run_luck;
    i64 n_towns, n_hosts, n_actors, n_places, n_months, people_every, coupling, n_landscapes;
    double persons_per_actor;
    const Settings* settings;
    const i64* setting_row;
    const PLACE* places;
    const HOST* hosts;
    const float *neighbours, *anchors, *landscapes, *best;
    const Process* process;
    const ACTOR* actors;
    const ORIGIN* origins;
    const MUNICIPALITY* towns;
    ARENA_ROW* arena_log;
    INNOVATION_ROW* innovation_log;
    int16_t* adopted;
    float* pressure;
    double* lagged;
    MONTH_ROW* months;
    double* people;
};

extern "C" World* make_world(const Given* g) {
    World* w = new World{g->run_luck, int(g->n_towns), int(g->n_places), int(g->n_months), int(g->people_every),
                         int(g->coupling), int(g->n_landscapes), float(g->persons_per_actor), g->settings,
                         g->setting_row, g->places, g->hosts, g->neighbours, g->anchors, g->landscapes, g->best,
                         g->process, g->arena_log, g->innovation_log, g->adopted, g->pressure, g->lagged, g->months,
                         g->people};
    size_t n_arenas = g->n_hosts * g->n_places;
    w->hosts.assign(g->hosts, g->hosts + g->n_hosts);
    w->persons = lines_of<Person>(g->n_actors);
    w->arenas = lines_of<Arena>(n_arenas), w->tiles = lines_of<Tile<Many>>(n_arenas), w->open = lines_of<int8_t>(n_arenas);
    for (i64 i = 0; i < g->n_actors; ++i) {
        const ACTOR& from = g->actors[i];
        Person& one = w->persons[i];
        for (int k = 0; k < 4; ++k) one.r[k] = from.trust[k], one.u[k] = from.distrust[k];
        one.optimism = from.optimism, one.identity = from.identity, one.anchor = from.identity_anchor;
        one.framing = from.framing, one.fatigue = from.fatigue;
        one.framing_anchor = g->origins[i].framing_anchor * 65536.0f, one.creativity = g->origins[i].creativity * 65536.0f;
        one.seat = -1, one.left = -1, one.former = from.former, one.age = from.age;
    }
    for (int m = 0; m < g->n_towns; ++m) {
        const MUNICIPALITY& from = g->towns[m];
        Town town{};
        for (int k = 0; k < 10; ++k) town.climate[k] = from.climate[k];
        town.leadership = from.leadership, town.design = from.design;
        town.administration = from.administration, town.experience = from.experience;
        w->towns.push_back(town);
    }
    const Process& f = *g->process;
    for (int to = 0; to < f.n_nodes; ++to)
        for (int from = 0; from < f.n_nodes; ++from)
            if (f.arrows[to][from] != 0.0)
                w->arrows.push_back({to, from, int(f.moderator[to][from]), float(f.arrows[to][from]),
                                     float(f.moderator_low[to][from]), float(f.moderator_high[to][from])});
    for (int k = 0; k < NODES; ++k) w->input_weight[k / 4][k % 4] = f.input_weight[k], w->bias[k / 4][k % 4] = f.bias[k];
    double identity = 1, fatigue = 1;
    for (int k = 0; k < g->n_months + 2; ++k) {
        w->kept.push_back(F4{1, float(identity), float(fatigue), 1});
        identity *= 1.0 - g->settings[0].learn_identity_anchor, fatigue *= g->settings[0].leave_fatigue_kept;
    }
    return w;
}
extern "C" void count_at_start(World* w) {
    for (int m = 0; m < w->n_towns; ++m) count_people(*w, 0, m, 0);
}
extern "C" void live_months(World* w, int start, int end) {
    for (int month = start; month < end; ++month) {
        for (int m = 0; m < w->n_towns; ++m) {
            const Settings& p = settings_in(*w, month, m);
            Town& town = w->towns[m];
            if (p.context_election > 0) town.leadership = towards(town.leadership, 0.5f, p.context_election);
            town.leadership = towards(town.leadership, 1.0f, p.leadership_training * p.leadership_training_gain);
            open_arenas(*w, p, month, m);
            ask_around(*w, p, month, m);
            fill_seats(*w, p, month, m);
            live_arenas(*w, p, month, m, w->months[i64(month) * w->n_towns + m]);
            learn_as_town(*w, p, month, m);
        }
        exchange(*w, month);
        spread(*w, month);
        for (int m = 0; m < w->n_towns; ++m) observe(*w, month, m, w->months[i64(month) * w->n_towns + m]);
        if (w->people_every > 0 && (month + 1) % w->people_every == 0)
            for (int m = 0; m < w->n_towns; ++m) count_people(*w, month + 1, m, (month + 1) / w->people_every);
    }
}
extern "C" void drop_world(World* w) {
    std::free(w->persons), std::free(w->arenas), std::free(w->tiles), std::free(w->open);
    delete w;
}
