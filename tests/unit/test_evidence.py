"""The evidence: what ships is whole, sourced and consistent, and an own table gets every complaint at once."""

from __future__ import annotations

import ast
import csv
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.errors import EvidenceError
from cosim.evidence.climate import ORGANISATIONS, measure_climate, read_climate
from cosim.evidence.files import HERE
from cosim.evidence.findings import FINDING_COLUMNS
from cosim.evidence.held_out import FIVE_CASES, read_five_cases, read_held_out
from cosim.evidence.municipalities import (
    MUNICIPALITIES,
    count_adults,
    read_municipalities,
    read_municipality_columns,
)
from cosim.evidence.national import read_national
from cosim.evidence.profiles import RELATIONS, choose_profile, read_profiles
from cosim.evidence.references import cite, read_references
from cosim.evidence.tables import Column, read_cell
from cosim.evidence.targets import read_targets
from cosim.vocabulary import CLIMATE_DIMENSIONS, ROLES, SECTORS

KEYS: Final = frozenset(read_references())
TOLD: Final = 'confidence = "H"\nstanding = "measured"\nmeaning = "m"\nyear = "2020"\n'


def complaints_of(read: Callable[[Path], Any], path: Path, text: str | None = None) -> dict[str, str]:
    """Return every complaint of one letter: its key, with what is allowed and what to do."""
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read(path)
    assert all(complaint.file == str(path) for complaint in caught.value.complaints)
    return {complaint.key: f"{complaint.allowed} | {complaint.do}" for complaint in caught.value.complaints}


class TestMunicipalities:
    def test_fourteen_in_their_roles(self) -> None:
        table = read_municipalities()
        assert table["role"].value_counts().to_dict() == {"learner": 8, "experienced": 4, "pilot": 2}
        assert list(table.index[:2]) == ["stad", "nordre-follo"]
        assert set(table["role"]) <= set(ROLES)

    def test_totals_match(self) -> None:
        table = read_municipalities()
        totals = [int(table[f"population_{year}"].sum()) for year in range(2020, 2025)]
        assert totals == [345_756, 347_802, 351_158, 356_526, 360_300]

    def test_growth_is_as_published(self) -> None:
        published = [1.6, 7.2, 1.6, 7.0, 3.0, 5.6, 4.6, 2.6, 1.2, -0.3, 1.9, 1.2, 2.7, -2.9]
        table = read_municipalities()
        growth = 100 * (table["population_2024"] / table["population_2020"] - 1)
        assert growth.round(1).tolist() == published

    def test_mergers(self) -> None:
        table = read_municipalities()
        merged, alone = table[table["n_former_units"] > 1], table[table["n_former_units"] == 1]
        assert list(merged.index) == ["stad", "nordre-follo", "asker", "alver", "ullensvang", "sunnfjord"]
        assert merged["n_former_units"].tolist() == [2, 2, 3, 3, 3, 4]
        assert [units[0] for units in alone["former_units"]] == alone["name"].tolist()
        assert table.loc["stad", "former_parts"] == ("Bryggja (from Vågsøy)",)

    def test_centrality(self) -> None:
        table = read_municipalities().sort_values("centrality_index_2024", ascending=False)
        assert table["centrality_class_2024"].is_monotonic_increasing
        differ = table[table["centrality_class_2020"] != table["centrality_class_2024"]]
        assert differ["centrality_class_2020"].to_dict() == {"nordre-follo": 1, "sola": 3}

    def test_county_follows_from_the_code(self) -> None:
        table = read_municipalities()
        pairs = {(code[:2], county) for code, county in zip(table["code"], table["county"], strict=True)}
        assert len(pairs) == len({prefix for prefix, _ in pairs}) == table["county"].nunique() == 7

    def test_missing_stays_missing(self) -> None:
        table = read_municipalities()
        assert list(table.index[table["turnout_2019"].isna()]) == ["sola", "orsta", "giske", "vanylven"]
        assert not table["turnout_2023"].isna().any()
        assert table["council_size"].dropna().to_dict() == {"nordre-follo": 47, "sunnfjord": 45}
        assert table.loc["stad", "council_size"] is pd.NA

    def test_adults(self) -> None:
        table = read_municipalities()
        adults = count_adults(table, 0.792)
        assert adults["stad"] == round(9457 * (1 - 0.213))
        assert 260_000 < int(adults.sum()) < 275_000
        table["share_under_18_2020"] = math.nan
        assert count_adults(table, 0.792)["stad"] == round(9457 * 0.792)

    def test_every_column_is_documented_in_order_and_of_its_kind(self) -> None:
        table, columns = read_municipalities(), read_municipality_columns()
        with MUNICIPALITIES.open(encoding="utf-8") as file:
            assert next(csv.reader(file)) == list(columns)
        kinds = {"count": "Int64", "share": "float64", "text": "str", "list": "object"}
        for name in table.columns:
            assert table[name].dtype == kinds[columns[name].column.kind], name
        required = [name for name, meaning in columns.items() if meaning.column.required]
        assert required == ["key", "name", "role", "population_2020"]


class TestOwnMunicipalities:
    def test_a_short_one_is_enough(self, tmp_path: Path) -> None:
        own = tmp_path / "own.csv"
        own.write_text("population_2020,name,key,role\n6000,Ny by,ny-by,plain\n", encoding="utf-8-sig")
        table = read_municipalities(own)
        assert list(table.columns) == list(read_municipalities().columns)
        assert table.loc["ny-by", "population_2020"] == 6000
        assert table.loc["ny-by", "former_units"] == ()
        assert set(table.columns[table.isna().any()]) == set(table.columns) - {
            *("name", "role", "population_2020", "former_units", "former_parts")
        }
        assert count_adults(table, 0.792)["ny-by"] == 4752

    def test_all_complaints_at_once(self, tmp_path: Path) -> None:
        told = complaints_of(
            read_municipalities,
            tmp_path / "own.csv",
            "key,name,role,population_2020,population_2021,share_under_18_2020,share_67_plus_2020,"
            "share_80_plus_2020,former_units,n_former_units,centrality_class_2024,code,turnuot_2019\n"
            "a,A,pilto,1000,1001,21.3,0.2,0.1,,,5,301,0.5\n"
            "b,,plain,many,-3,0.9,0.2,0.3,X;Y,3,7,0301,\n"
            "a,A,plain,1e3,,,,,,,,,\n"
            "Ås,Å,plain,12.5,,,,,,,,,\n",
        )
        assert " ".join(sorted(told)) == (
            "a a.code a.role a.share_under_18_2020 b.centrality_class_2024 b.n_former_units b.name "
            "b.population_2020 b.population_2021 b.share_67_plus_2020 b.share_80_plus_2020 turnuot_2019 "
            "Ås.key Ås.population_2020"
        )
        assert "turnout_2019" in told["turnuot_2019"]
        assert "did you mean 'pilot'" in told["a.role"]
        assert "divide a percentage by 100" in told["a.share_under_18_2020"]
        assert "from 1 to 6" in told["b.centrality_class_2024"]

    def test_missing_columns_and_too_many_cells(self, tmp_path: Path) -> None:
        told = complaints_of(read_municipalities, tmp_path / "own.csv", "key,name\na,A,9,457\n")
        assert sorted(told) == ["a", "population_2020", "role"]
        assert "quote a cell" in told["a"]

    @pytest.mark.parametrize(
        ("content", "part"),
        [
            (None, "check the path"),
            (b"", "at least one row"),
            (b"key,name,role,population_2020\n", "at least one row"),
            (b"key;name;role;population_2020\na;A;plain;7\n", "commas"),
            ("key,name\na,Træna\n".encode("latin-1"), "UTF-8"),
        ],
    )
    def test_unreadable_files(self, tmp_path: Path, content: bytes | None, part: str) -> None:
        path = tmp_path / "own.csv"
        if content is not None:
            path.write_bytes(content)
        (told,) = complaints_of(read_municipalities, path).values()
        assert part in told


class TestCells:
    @given(st.floats(0, 1))
    def test_a_share_is_read_exactly(self, share: float) -> None:
        assert read_cell(repr(share), Column("turnout", "share")) == (share, "", "")

    @given(st.floats().filter(lambda x: not 0 <= x <= 1) | st.text("abc,/ ").filter(str.strip))
    def test_what_is_no_share_is_refused(self, thing: float | str) -> None:
        value, allowed, do = read_cell(str(thing), Column("turnout", "share"))
        assert value is None
        assert allowed == "a share from 0 to 1"
        assert do

    def test_zero_is_a_value(self) -> None:
        assert read_cell("0", Column("n", "count", required=True)) == (0, "", "")


class TestNational:
    def test_derived_values_follow(self) -> None:
        values = {key: value.value for key, value in read_national().items()}
        assert values["share_adults"] == pytest.approx(1 - values["share_under_18"], abs=1e-12)
        assert values["staff_per_1000"] == round(506_879 / 5_258_317 * 1000, 1)
        assert values["fte_per_1000"] == round(380_447 / 5_258_317 * 1000, 1)
        assert values["organisations_per_1000"] == round(112_500 / 4_392_714 * 1000, 1)
        assert values["citizen_acceptance"] == 207 / 12_000

    def test_starting_levels(self) -> None:
        values = read_national()
        wanted = {"social_trust": 0.75, "attachment": 0.72, "volunteers": 0.62, "expects_to_stay": 0.81}
        wanted |= {"council_trust_2018": 0.58, "council_trust_2019": 0.6}
        assert {key: values[key].value for key in wanted} == wanted

    def test_all_complaints_at_once(self, tmp_path: Path) -> None:
        share = f'{TOLD}unit = "share"\n'
        told = complaints_of(
            read_national,
            tmp_path / "own.toml",
            f'loose = 1\n[a]\nvalue = 62\nsources = ["x"]\n{share}\n[b]\nvalue = true\nsources = []\n{share}\n'
            f'[c]\nvaleu = 0.5\nsources = ["x"]\n{share}',
        )
        assert sorted(told) == ["a.value", "b.sources", "b.value", "c.valeu", "c.value", "loose"]
        assert "did you mean 'value'" in told["c.valeu"]


class TestProfiles:
    def test_stad_is_above_the_usual_wherever_it_was_measured(self) -> None:
        stad = read_profiles()["stad"]
        assert min(step.step for step in stad.relations.values()) == 1
        assert stad.relation("public", "private").step == stad.relation("private", "public").step == 2
        assert (stad.trait("optimism").step, stad.trait("identity").step) == (1, -1)

    def test_nordre_follo_is_below(self) -> None:
        follo = read_profiles()["nordre-follo"]
        lowest = {name for name, step in follo.relations.items() if step.step == -2}
        assert lowest == {"private_to_public", "private_to_civic"}
        assert max(step.step for step in follo.relations.values()) == -1
        steps = [follo.trait(name).step for name in ("general_trust", "optimism", "identity")]
        assert steps == [-1, -2, -2]

    def test_what_was_not_asked_is_usual(self) -> None:
        assert len(set(RELATIONS)) == len(SECTORS) ** 2
        for profile in read_profiles().values():
            assert profile.trait("climate").step == 0
            for sector in SECTORS:
                assert profile.relation("research", sector).step == 0
                assert profile.relation(sector, "research").step == 0

    def test_every_municipality_has_one(self) -> None:
        profiles, units = read_profiles(), read_municipalities()["n_former_units"]
        pairs = [(str(key), choose_profile(profiles, str(key), merged=n > 1).key) for key, n in units.items()]
        assert [key for key, one in pairs if one == "merged"] == ["asker", "alver", "ullensvang", "sunnfjord"]
        assert [key for key, one in pairs if one == key] == ["stad", "nordre-follo"]
        assert set(profiles) == {"usual", "merged", "stad", "nordre-follo"}

    def test_all_complaints_at_once(self, tmp_path: Path) -> None:
        told = complaints_of(
            read_profiles,
            tmp_path / "own.toml",
            f"[here]\nsources = []\n{TOLD}[here.traits]\nidentity = -1\n"
            'optimsm = { step = 3, standing = "guessed", confidence = "H" }\n[here.relations]\n'
            'public_to_privat = { step = 1, standing = "measured", confidence = "H" }\n',
        )
        assert " ".join(sorted(told)) == (
            "here.relations.public_to_privat here.sources here.traits.identity here.traits.optimsm "
            "here.traits.optimsm.standing here.traits.optimsm.step"
        )

    def test_usual_must_be_there(self, tmp_path: Path) -> None:
        own = f'[here]\nsources = ["x"]\n{TOLD}'
        assert list(complaints_of(read_profiles, tmp_path / "own.toml", own)) == ["usual"]


class TestFindings:
    def test_targets_and_held_out_are_disjoint(self) -> None:
        fitted, judged = read_targets(), read_held_out()
        assert not set(fitted.index) & set(judged.index)
        assert pd.merge(fitted[["quantity", "year"]], judged[["quantity", "year"]]).empty
        late = [key for key, year in fitted["year"].items() if re.match(r"202\d", year)]
        assert late == []

    def test_targets_are_levels_with_ranges(self) -> None:
        table = read_targets()
        assert set(table["kind"]) == {"level"}
        assert not table[["value", "low", "high"]].isna().any(axis=None)
        keys = ["partner_own_units", "partner_other_public", "partner_firms", "partner_citizens"]
        helix = table.loc[[*keys, "any_role_associations"], "value"]
        assert helix.tolist() == [0.57, 0.2, 0.15, 0.15, 0.08]

    def test_ranges_are_sampling_and_rounding(self) -> None:
        table = read_targets()
        newest = table[table["comparability"].str.contains("answers (74 % of 1,786)", regex=False)]
        assert len(newest) == 10
        for answers, rows in ((1786, table.loc[["units_with_innovation"]]), (round(0.74 * 1786), newest)):
            error = 1.96 * (rows["value"] * (1 - rows["value"]) / answers) ** 0.5 + 0.005
            assert (rows["high"] - rows["value"]).sub(error).abs().max() < 0.0006
            assert (rows["value"] - rows["low"]).sub(error).abs().max() < 0.0006

    def test_held_out_holds_what_the_design_names(self) -> None:
        table = read_held_out()
        trust = [f"council_trust_{year}" for year in (2020, 2021, 2025)]
        assert table.loc[[*trust, "local_government_trust_2023"], "value"].tolist() == [
            0.63,
            0.66,
            0.57,
            0.51,
        ]
        named = {"council_trust_by_size", "reuse_by_centrality", "spread_by_centrality", "mid_life_peak"}
        named |= {"proposal_fate_cost", "proposal_fate_challenge", "proposal_fate_internal_support"}
        assert named | {"five_cases_order", "council_trust_path"} <= set(table.index)
        assert set(table["kind"]) == {"level", "direction", "order", "pattern"}

    def test_all_complaints_at_once(self, tmp_path: Path) -> None:
        own = ",".join(column.name for column in FINDING_COLUMNS) + (
            "\na,q,,,,share,p,2020,level,x,H,\n"
            "b,q,2,,,sign,p,2020,direction,x,H,\n"
            "c,q,58,57,59,share,p,2020,level,x,H,\n"
            "d,q,0.5,0.6,0.7,share,p,2020,level,,X,\n"
            "e,q,0.5,0.4,,share,p,2020,levle,x,M,\n"
        )
        wanted = "a.value b.value c.value d.confidence d.sources d.value e.kind e.low"
        for read in (read_targets, read_held_out):
            assert " ".join(sorted(complaints_of(read, tmp_path / "own.csv", own))) == wanted

    def test_targets_do_not_import_the_held_out(self) -> None:
        for module in ("targets", "findings", "tables", "files"):
            tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))
            imports = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
            assert not any("held_out" in line for line in imports)


class TestFiveCases:
    def test_codes(self) -> None:
        table = read_five_cases()
        assert table.shape == (5, 12)
        assert list(table.index) == ["jena", "minneapolis", "riding_sunbeams", "berlin", "kalmar"]
        assert table["overall_performance"].tolist() == [-1, -1, 0, 0, 1]
        assert (table.loc["jena", ["prehistory", "dialogue", "incentives", "ground_rules"]] == 1).all()
        assert table.index[table["shared_understanding"] == 1].tolist() == ["kalmar"]

    def test_an_own_code_out_of_range(self, tmp_path: Path) -> None:
        text = FIVE_CASES.read_text(encoding="utf-8").replace("jena,-1", "jena,-2")
        told = complaints_of(read_five_cases, tmp_path / "own.csv", text)
        assert list(told) == ["jena.overall_performance"]


class TestClimate:
    def test_the_table(self) -> None:
        table = read_climate()
        assert tuple(table.index) == CLIMATE_DIMENSIONS
        gaps = (table["innovative"] - table["stagnated"]).sort_values(ascending=False)
        assert gaps.head(2).to_dict() == {"risk_taking": 142.0, "playfulness": 90.0}
        assert set(table["standing"]) == {"assumed"}
        assert set(table["note"]) == {"recalled, not re-read"}

    def test_one_climate(self) -> None:
        table = read_climate()
        climate, less = measure_climate(table), measure_climate(table, without_trust=True)
        assert climate.round(3).to_dict() == dict(zip(ORGANISATIONS, (0.661, 0.526, 0.416), strict=True))
        trust = [float(table[name]["trust_openness"]) / 300 for name in ORGANISATIONS]
        assert (10 * climate - 9 * less).tolist() == pytest.approx(trust)
        assert table.loc["conflicts", "innovative"] == 78.0

    def test_a_dimension_left_out(self, tmp_path: Path) -> None:
        text = (HERE / "climate.csv").read_text(encoding="utf-8").replace("debates,158", "debatt,301")
        told = complaints_of(read_climate, tmp_path / "own.csv", text)
        assert sorted(told) == ["debates", "debatt.dimension", "debatt.innovative"]


class TestReferences:
    def test_every_source_key_exists(self) -> None:
        cited = {source for meaning in read_municipality_columns().values() for source in meaning.sources}
        cited |= {source for value in read_national().values() for source in value.sources}
        cited |= {source for profile in read_profiles().values() for source in profile.sources}
        for table in (read_targets(), read_held_out()):
            cited |= {source for sources in table["sources"] for source in sources}
        assert cited - KEYS == set()
        assert len(cited) > 30

    def test_every_one_can_be_found_or_says_why_not(self) -> None:
        for key, reference in read_references().items():
            assert reference.year or reference.url or reference.doi or reference.note, key
            assert not reference.url or re.fullmatch(r"https?://\S+", reference.url), key
            assert not reference.doi or re.fullmatch(r"10\.\d{4,}/\S+", reference.doi), key

    def test_a_citation_is_one_line(self) -> None:
        for key in KEYS:
            assert "\n" not in cite(key)
            assert ".." not in cite(key).replace("...", "")

    def test_unknown_key_gets_the_nearest(self) -> None:
        with pytest.raises(EvidenceError, match="did you mean 'ansell2008'"):
            cite("ansel2008")

    def test_all_complaints_at_once(self, tmp_path: Path) -> None:
        own = '["Å 1"]\nauthors = "Å"\ntitle = ""\nwhere = "w"\nread = "skimmed"\nyear = "1"\n[b]\nauthor = "B"\n'
        told = complaints_of(read_references, tmp_path / "own.toml", own)
        second = ["b.author", "b.authors", "b.read", "b.title", "b.where"]
        assert sorted(told) == [*second, "Å 1", "Å 1.read", "Å 1.title", "Å 1.year"]

    def test_broken_toml(self, tmp_path: Path) -> None:
        assert "TOML" in complaints_of(read_references, tmp_path / "own.toml", "[a\n")[""]
