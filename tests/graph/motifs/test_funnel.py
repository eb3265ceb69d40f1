"""Prescriber–pharmacy funnels: one practitioner apart from all colleagues; in-house pharmacies are not."""

from pathlib import Path

import numpy as np

from graph.motifs.funnel_market import measure
from tests.graph.found import Found, Scanned, scanned
from tests.graph.town import Town, town

CLINIC = 5


def scripts(t: Town, practitioner: int, count: int, shops: list[int], among: range) -> None:
    """`count` external prescriptions, filled at shops drawn from `shops`."""
    b = t.builder
    for _ in range(count):
        day = b.day(b.chance.randrange(330), b.chance.randint(9, 18), b.chance.randrange(60))
        home, shop = t.clinics[CLINIC], b.chance.choice(shops)
        b.script(practitioner, home, shop, b.chance.choice(among), day)


def clinic_with_colleagues(seed: int, shops: slice = slice(None)) -> tuple[Town, int]:
    """A clinic whose doctors' scripts go to `shops`; one more doctor who has written none yet."""
    t = town(seed)
    for colleague in t.builder.add_practitioners(8, t.clinics[CLINIC]):
        scripts(t, colleague, 30, t.shops[shops], range(200, 900))
    return t, t.builder.add_practitioners(1, t.clinics[CLINIC])[0]


def about(found: Scanned, practitioner: int, grades: str = "AB") -> list[Found]:
    return [r for r in found.of("funnel", grades) if practitioner in r.practitioners]


def test_a_funnel_is_found_with_its_two_ends(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(1)
    scripts(t, doctor, 45, [t.shops[7]], range(100, 125))
    scripts(t, doctor, 5, t.shops, range(100, 125))
    ring = about(scanned(t.builder, tmp_path), doctor)[0]
    assert t.shops[7] in ring.places
    assert ring.patients <= frozenset(range(100, 125))


def test_a_few_scripts_are_no_funnel(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(2)
    scripts(t, doctor, 7, [t.shops[7]], range(100, 125))
    assert not about(scanned(t.builder, tmp_path), doctor)


def test_a_mild_preference_is_no_funnel(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(3)
    scripts(t, doctor, 10, [t.shops[7]], range(100, 125))
    scripts(t, doctor, 40, t.shops, range(100, 125))
    assert not about(scanned(t.builder, tmp_path), doctor)


def test_the_pharmacy_next_door_is_no_funnel(tmp_path: Path) -> None:
    """Everybody's prescriptions go there."""
    t, doctor = clinic_with_colleagues(4, slice(7, 8))
    scripts(t, doctor, 60, [t.shops[7]], range(100, 125))
    assert not scanned(t.builder, tmp_path).of("funnel")


def courses(t: Town, practitioner: int, patients: range, drug: str, steady: bool = True) -> None:
    """Eight fills of `drug` at the last shop for each patient, monthly or whenever."""
    b = t.builder
    for patient in patients:
        start = b.chance.randrange(60)
        for month in range(8):
            day = start + 30 * month + b.chance.randint(0, 6) if steady else b.chance.randrange(330)
            at = b.day(day, b.chance.randint(9, 17), b.chance.randrange(60))
            b.script(practitioner, t.clinics[CLINIC], t.shops[7], patient, at, drug)


def test_the_pharmacy_designated_for_a_special_drug_is_no_funnel(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(5)
    courses(t, doctor, range(100, 115), "XL01EB001")
    found = scanned(t.builder, tmp_path)
    assert not about(found, doctor)
    assert about(found, doctor, "C")


def test_monthly_fills_of_a_drug_sold_all_over_town_are_a_funnel(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(6)
    courses(t, doctor, range(100, 115), "XC09CA001")
    colleague = t.builder.add_practitioners(1, t.clinics[CLINIC])[0]
    for patient in range(300, 330):
        at = t.builder.day(t.builder.chance.randrange(330), 10)
        shop = t.builder.chance.choice(t.shops[:7])
        t.builder.script(colleague, t.clinics[CLINIC], shop, patient, at, "XC09CA001")
    assert about(scanned(t.builder, tmp_path), doctor)


def test_a_drug_of_one_shop_without_any_course_is_a_funnel(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(7)
    courses(t, doctor, range(100, 115), "XZ00ZZ001", steady=False)
    assert about(scanned(t.builder, tmp_path), doctor)


def shop_at(t: Town, share: float) -> None:
    """The patients' own purchases over the year: `share` of them at the pharmacy of the funnel."""
    b = t.builder
    for patient in range(100, 125):
        for _ in range(20):
            shop = t.shops[7] if b.chance.random() < share else t.shops[b.chance.randrange(7)]
            b.visit(patient, shop, b.day(b.chance.randrange(330), b.chance.randint(8, 18)))


def test_where_the_patients_mostly_shop_is_no_funnel(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(5)
    scripts(t, doctor, 45, [t.shops[7]], range(100, 125))
    shop_at(t, 0.9)
    assert not about(scanned(t.builder, tmp_path), doctor)


def test_where_half_of_their_shopping_goes_a_funnel_is_no_grade_a(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(6)
    scripts(t, doctor, 45, [t.shops[7]], range(100, 125))
    shop_at(t, 0.6)
    found = scanned(t.builder, tmp_path)
    assert about(found, doctor, "B")
    assert not about(found, doctor, "A")


def lone_clinic(seed: int, km: float) -> tuple[Town, int, int, int]:
    """A clinic of one doctor elsewhere, and a pharmacy `km` from it; the doctor's patients go there. (town, doctor, clinic, shop)"""
    t = town(seed)
    b = t.builder
    clinic = b.add_places(1, lat=30.6)[0]
    shop = b.add_places(1, "pharmacy", lat=30.6 + km / 111.2)[0]
    for colleague in b.add_practitioners(8, t.clinics[CLINIC]):
        scripts(t, colleague, 30, t.shops, range(200, 900))
    return t, b.add_practitioners(1, clinic)[0], clinic, shop


def prescribe(t: Town, doctor: int, clinic: int, shop: int, patient: int, day: int) -> None:
    """A prescription at the clinic, filled at the shop on the same day."""
    t.builder.script(doctor, clinic, shop, patient, t.builder.day(day, 16))


def test_the_only_pharmacy_at_the_door_of_a_lone_doctor_is_no_funnel(tmp_path: Path) -> None:
    t, doctor, clinic, shop = lone_clinic(8, km=0.1)
    for patient in range(100, 125):
        for _ in range(2):
            prescribe(t, doctor, clinic, shop, patient, t.builder.chance.randrange(330))
    found = scanned(t.builder, tmp_path)
    assert not about(found, doctor)
    assert about(found, doctor, "C")


def test_the_same_some_way_from_the_door_is_a_funnel(tmp_path: Path) -> None:
    t, doctor, clinic, shop = lone_clinic(8, km=3.0)
    for patient in range(100, 125):
        for _ in range(2):
            prescribe(t, doctor, clinic, shop, patient, t.builder.chance.randrange(330))
    assert about(scanned(t.builder, tmp_path), doctor, "A")


def under_care(t: Town, doctor: int, clinic: int, shop: int, steady: bool) -> None:
    """Eight visits with one illness for each patient; the prescriptions of two of them leave the house."""
    b = t.builder
    for patient in range(100, 125):
        start = b.chance.randrange(60)
        days = [
            start + 28 * n + b.chance.randrange(3) if steady else b.chance.randrange(330)
            for n in range(8)
        ]
        for n, day in enumerate(days):
            b.visit(patient, clinic, b.day(day, 10), practitioner=doctor)
            if n % 4 == 1:
                prescribe(t, doctor, clinic, shop, patient, day)


def test_the_course_of_a_specialty_is_no_funnel(tmp_path: Path) -> None:
    t, doctor, clinic, shop = lone_clinic(9, km=3.0)
    under_care(t, doctor, clinic, shop, steady=True)
    assert not about(scanned(t.builder, tmp_path), doctor)


def test_one_illness_without_a_calendar_is_a_funnel(tmp_path: Path) -> None:
    t, doctor, clinic, shop = lone_clinic(9, km=3.0)
    under_care(t, doctor, clinic, shop, steady=False)
    assert about(scanned(t.builder, tmp_path), doctor)


def block_of(seed: int, pharmacies: int) -> tuple[Town, set[int]]:
    """Two doctors of two clinics who write for the same nine people; the rest of their patients go anywhere."""
    t = town(seed)
    b = t.builder
    clinics = t.clinics[1:3]
    for clinic in t.clinics[1:8]:
        for colleague in b.add_practitioners(2, clinic):
            for _ in range(30):
                shop = b.chance.choice(t.shops)
                prescribe(
                    t,
                    colleague,
                    clinic,
                    shop,
                    b.chance.randrange(200, 900),
                    b.chance.randrange(330),
                )
    doctors = {b.add_practitioners(1, clinic)[0]: clinic for clinic in clinics}
    for doctor, clinic in doctors.items():
        for patient in range(100, 109):
            for _ in range(2):
                shop = b.chance.choice(t.shops[:pharmacies])
                prescribe(t, doctor, clinic, shop, patient, b.chance.randrange(330))
    return t, set(doctors)


def test_two_doctors_with_the_same_patients_at_the_same_two_pharmacies_are_a_block(
    tmp_path: Path,
) -> None:
    t, doctors = block_of(10, pharmacies=2)
    rings = [
        r
        for r in scanned(t.builder, tmp_path).of("funnel", "AB")
        if doctors <= set(r.practitioners)
    ]
    assert any(r.patients == frozenset(range(100, 109)) for r in rings)


def test_the_same_patients_at_whatever_pharmacy_are_no_block(tmp_path: Path) -> None:
    t, doctors = block_of(10, pharmacies=8)
    found = scanned(t.builder, tmp_path).of("funnel")
    assert not [r for r in found if doctors <= set(r.practitioners)]


def test_nobodys_designated_pharmacy_is_far_away(tmp_path: Path) -> None:
    """The same courses at a shop 80 km off, to which no other practitioner sends the drug; with a second one it is designated."""
    for others, grades in ((0, "AB"), (1, "C")):
        t, doctor = clinic_with_colleagues(5)
        t.builder.tables["places"][t.clinics[CLINIC]] |= {"lnt": 116.0, "lat": 39.0}
        t.builder.tables["places"][t.shops[7]] |= {"lnt": 117.0, "lat": 39.0}
        courses(t, doctor, range(100, 115), "XL01EB001")
        for colleague in t.builder.add_practitioners(others, t.clinics[2]):
            courses(t, colleague, range(200, 204), "XL01EB001")
        assert about(scanned(t.builder, tmp_path / str(others)), doctor, grades)


def far_away(t: Town, doctors: list[int]) -> None:
    """Of the colleagues' patients a third go to a shop on the other side of the town; of the doctors' nearly all."""
    for colleague in t.builder.add_practitioners(6, t.clinics[CLINIC]):
        scripts(t, colleague, 24, [t.shops[7], t.shops[3], t.shops[5]], range(200, 900))
    for n, doctor in enumerate(doctors):
        for patient in range(100 + 30 * n, 130 + 30 * n):
            scripts(t, doctor, 4, [t.shops[7]], range(patient, patient + 1))


def test_where_a_third_go_anyway_nearly_all_is_a_funnel_still(tmp_path: Path) -> None:
    t = town(21)
    doctors = t.builder.add_practitioners(1, t.clinics[CLINIC])
    far_away(t, doctors)
    assert about(scanned(t.builder, tmp_path), doctors[0])


def test_two_doctors_of_one_clinic_do_not_hide_each_other(tmp_path: Path) -> None:
    t = town(22)
    doctors = t.builder.add_practitioners(2, t.clinics[CLINIC])
    far_away(t, doctors)
    found = scanned(t.builder, tmp_path)
    assert about(found, doctors[0])
    assert about(found, doctors[1])


def test_a_department_that_sends_everybody_to_one_shop_is_no_funnel(tmp_path: Path) -> None:
    t = town(23)
    doctors = t.builder.add_practitioners(9, t.clinics[CLINIC])
    far_away(t, doctors)
    assert not scanned(t.builder, tmp_path).of("funnel")


def passing_by(seed: int) -> tuple[Town, int]:
    """A clinic as any, and a doctor whom sixty patients see once each."""
    t, doctor = clinic_with_colleagues(seed)
    for patient in range(130, 190):
        scripts(t, doctor, 1, t.shops, range(patient, patient + 1))
    return t, doctor


def test_a_circle_that_comes_again_is_a_funnel_among_many_who_pass_by(tmp_path: Path) -> None:
    t, doctor = passing_by(24)
    for patient in range(100, 116):
        scripts(t, doctor, 3, [t.shops[7]], range(patient, patient + 1))
    ring = about(scanned(t.builder, tmp_path), doctor)[0]
    assert t.shops[7] in ring.places
    assert len(ring.patients & frozenset(range(100, 116))) == 16
    assert len(ring.patients) == 16


def test_patients_who_come_again_and_go_each_to_a_shop_of_their_own_are_no_funnel(
    tmp_path: Path,
) -> None:
    t, doctor = passing_by(25)
    for patient in range(100, 116):
        scripts(t, doctor, 3, [t.shops[patient % 4]], range(patient, patient + 1))
    assert not scanned(t.builder, tmp_path).of("funnel")


def test_a_shop_where_all_go_who_come_again_is_no_funnel(tmp_path: Path) -> None:
    """Chronic patients of every colleague buy there as well."""
    t, doctor = passing_by(26)
    for patient in range(100, 116):
        scripts(t, doctor, 3, [t.shops[7]], range(patient, patient + 1))
    for n, colleague in enumerate(t.builder.add_practitioners(3, t.clinics[CLINIC])):
        for patient in range(200 + 60 * n, 260 + 60 * n):
            scripts(t, colleague, 1, t.shops, range(patient, patient + 1))
        for patient in range(900 + 16 * n, 916 + 16 * n):
            scripts(t, colleague, 3, [t.shops[7]], range(patient, patient + 1))
    assert not scanned(t.builder, tmp_path).of("funnel")


def test_one_patient_who_shops_there_all_the_time_explains_nobody_else(tmp_path: Path) -> None:
    t, doctor = clinic_with_colleagues(27)
    b = t.builder
    for patient in range(100, 125):
        scripts(t, doctor, 3, [t.shops[7]], range(patient, patient + 1))
        for n in range(900 if patient == 100 else 2):
            shop = t.shops[7 if patient == 100 else patient % 7]
            b.visit(patient, shop, b.day(n % 330, 8 + n // 90))
    assert about(scanned(t.builder, tmp_path), doctor)


def test_only_a_colleague_of_the_same_house_is_left_out_of_the_measure() -> None:
    columns = {
        "home": np.array([3, 4], np.int32),
        "pharmacy": np.array([9, 9], np.int32),
        "k": np.array([30, 2]),
        "n": np.array([30.0, 20.0]),
        "others": np.array([0.0, 5.0]),
        "colleagues": np.array([50.0, 60.0]),
    }
    others, colleagues = measure(columns)
    assert others.tolist() == [0, 5]
    assert colleagues.tolist() == [50, 60]
