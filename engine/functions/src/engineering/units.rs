//! The units of CONVERT.
//!
//! Source: Microsoft's page on CONVERT for the names and prefixes; the factors are those of the units' definitions
//! (international yard and pound, US survey mile, CODATA 2006 for the electronvolt and the atomic mass unit, as in
//! Excel).

/// What is measured. Units convert within one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    Mass,
    Length,
    Time,
    Pressure,
    Force,
    Energy,
    Power,
    Magnetism,
    Temperature,
    Volume,
    Area,
    Information,
    Speed,
}

/// Which prefixes a unit takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefixes {
    None,
    /// Metric ones, to this power: 2 for square metres.
    Metric(u8),
    /// Metric and binary ones.
    Both,
}

/// A unit: its names, and its size in the quantity's base unit. For temperatures also the base's zero.
pub(super) struct Unit {
    pub(super) names: &'static [&'static str],
    pub(super) quantity: Quantity,
    pub(super) size: f64,
    pub(super) zero: f64,
    pub(super) prefixes: Prefixes,
}

const fn unit(quantity: Quantity, names: &'static [&'static str], size: f64) -> Unit {
    Unit { names, quantity, size, zero: 0.0, prefixes: Prefixes::None }
}

const fn metric(quantity: Quantity, names: &'static [&'static str], size: f64) -> Unit {
    Unit { names, quantity, size, zero: 0.0, prefixes: Prefixes::Metric(1) }
}

const fn powered(quantity: Quantity, names: &'static [&'static str], size: f64, power: u8) -> Unit {
    Unit { names, quantity, size, zero: 0.0, prefixes: Prefixes::Metric(power) }
}

const fn binary(names: &'static [&'static str], size: f64) -> Unit {
    Unit { names, quantity: Quantity::Information, size, zero: 0.0, prefixes: Prefixes::Both }
}

const fn degrees(names: &'static [&'static str], size: f64, zero: f64, prefixes: Prefixes) -> Unit {
    Unit { names, quantity: Quantity::Temperature, size, zero, prefixes }
}

use Quantity::{Area, Energy, Force, Length, Magnetism, Mass, Power, Pressure, Speed, Time, Volume};

const FOOT: f64 = 0.3048;
const MILE: f64 = 1_609.344;
const NAUTICAL_MILE: f64 = 1_852.0;
const LIGHT_YEAR: f64 = 9_460_730_472_580_800.0;
const POINT: f64 = 0.0254 / 72.0;
/// 1,200 ÷ 3,937 metres a foot.
const SURVEY_FOOT: f64 = 1_200.0 / 3_937.0;
const POUND: f64 = 453.592_37;
const GRAVITY: f64 = 9.806_65;
const INCH_IN_LITRES: f64 = 0.016_387_064;
const US_GALLON: f64 = 231.0 * INCH_IN_LITRES;
const UK_GALLON: f64 = 4.546_09;
const CUBIC_METRE: f64 = 1_000.0;

pub(super) const UNITS: &[Unit] = &[
    // Mass, in grams.
    metric(Mass, &["g"], 1.0),
    unit(Mass, &["sg"], POUND * GRAVITY / FOOT),
    unit(Mass, &["lbm"], POUND),
    metric(Mass, &["u"], 1.660_538_782e-24),
    unit(Mass, &["ozm"], POUND / 16.0),
    unit(Mass, &["grain"], POUND / 7_000.0),
    unit(Mass, &["cwt", "shweight"], POUND * 100.0),
    unit(Mass, &["uk_cwt", "lcwt", "hweight"], POUND * 112.0),
    unit(Mass, &["stone"], POUND * 14.0),
    unit(Mass, &["ton"], POUND * 2_000.0),
    unit(Mass, &["uk_ton", "LTON", "brton"], POUND * 2_240.0),
    // Length, in metres.
    metric(Length, &["m"], 1.0),
    unit(Length, &["mi"], MILE),
    unit(Length, &["Nmi"], NAUTICAL_MILE),
    unit(Length, &["in"], FOOT / 12.0),
    unit(Length, &["ft"], FOOT),
    unit(Length, &["yd"], FOOT * 3.0),
    metric(Length, &["ang"], 1e-10),
    unit(Length, &["ell"], 1.143),
    metric(Length, &["ly"], LIGHT_YEAR),
    metric(Length, &["parsec", "pc"], 3.085_677_581_281_55e16),
    unit(Length, &["Picapt", "Pica"], POINT),
    unit(Length, &["pica"], POINT * 12.0),
    unit(Length, &["survey_mi"], SURVEY_FOOT * 5_280.0),
    // Time, in seconds.
    unit(Time, &["yr"], 31_557_600.0),
    unit(Time, &["day", "d"], 86_400.0),
    unit(Time, &["hr"], 3_600.0),
    unit(Time, &["mn", "min"], 60.0),
    metric(Time, &["sec", "s"], 1.0),
    // Pressure, in pascals.
    metric(Pressure, &["Pa", "p"], 1.0),
    metric(Pressure, &["atm", "at"], 101_325.0),
    metric(Pressure, &["mmHg"], 133.322),
    unit(Pressure, &["psi"], 6_894.757_293_168_361),
    unit(Pressure, &["Torr"], 101_325.0 / 760.0),
    // Force, in newtons.
    metric(Force, &["N"], 1.0),
    metric(Force, &["dyn", "dy"], 1e-5),
    unit(Force, &["lbf"], 4.448_221_615_260_5),
    metric(Force, &["pond"], 0.009_806_65),
    // Energy, in joules.
    metric(Energy, &["J"], 1.0),
    metric(Energy, &["e"], 1e-7),
    metric(Energy, &["c"], 4.184),
    metric(Energy, &["cal"], 4.186_8),
    metric(Energy, &["eV", "ev"], 1.602_176_487e-19),
    unit(Energy, &["HPh", "hh"], 2_684_519.537_696_173),
    metric(Energy, &["Wh", "wh"], 3_600.0),
    unit(Energy, &["flb"], 1.355_817_948_331_400_4),
    unit(Energy, &["BTU", "btu"], 1_055.055_852_62),
    // Power, in watts.
    unit(Power, &["HP", "h"], 745.699_871_582_270_2),
    unit(Power, &["PS"], 735.498_75),
    metric(Power, &["W", "w"], 1.0),
    // Magnetism, in teslas.
    metric(Magnetism, &["T"], 1.0),
    metric(Magnetism, &["ga"], 1e-4),
    // Temperature, in kelvins.
    degrees(&["K", "kel"], 1.0, 0.0, Prefixes::Metric(1)),
    degrees(&["C", "cel"], 1.0, 273.15, Prefixes::None),
    degrees(&["F", "fah"], 5.0 / 9.0, 459.67 * 5.0 / 9.0, Prefixes::None),
    degrees(&["Rank"], 5.0 / 9.0, 0.0, Prefixes::None),
    degrees(&["Reau"], 1.25, 273.15, Prefixes::None),
    // Volume, in litres.
    unit(Volume, &["tsp"], US_GALLON / 768.0),
    unit(Volume, &["tspm"], 0.005),
    unit(Volume, &["tbs"], US_GALLON / 256.0),
    unit(Volume, &["oz"], US_GALLON / 128.0),
    unit(Volume, &["cup"], US_GALLON / 16.0),
    unit(Volume, &["pt", "us_pt"], US_GALLON / 8.0),
    metric(Volume, &["uk_pt"], UK_GALLON / 8.0),
    unit(Volume, &["qt"], US_GALLON / 4.0),
    unit(Volume, &["uk_qt"], UK_GALLON / 4.0),
    unit(Volume, &["gal"], US_GALLON),
    unit(Volume, &["uk_gal"], UK_GALLON),
    metric(Volume, &["l", "L", "lt"], 1.0),
    powered(Volume, &["ang3", "ang^3"], 1e-27, 3),
    unit(Volume, &["barrel"], US_GALLON * 42.0),
    unit(Volume, &["bushel"], 2_150.42 * INCH_IN_LITRES),
    unit(Volume, &["ft3", "ft^3"], FOOT * FOOT * FOOT * CUBIC_METRE),
    unit(Volume, &["in3", "in^3"], INCH_IN_LITRES),
    unit(Volume, &["ly3", "ly^3"], LIGHT_YEAR * LIGHT_YEAR * LIGHT_YEAR * CUBIC_METRE),
    powered(Volume, &["m3", "m^3"], CUBIC_METRE, 3),
    unit(Volume, &["mi3", "mi^3"], MILE * MILE * MILE * CUBIC_METRE),
    unit(Volume, &["yd3", "yd^3"], 27.0 * FOOT * FOOT * FOOT * CUBIC_METRE),
    unit(Volume, &["Nmi3", "Nmi^3"], NAUTICAL_MILE * NAUTICAL_MILE * NAUTICAL_MILE * CUBIC_METRE),
    unit(Volume, &["Picapt3", "Picapt^3", "Pica3", "Pica^3"], POINT * POINT * POINT * CUBIC_METRE),
    unit(Volume, &["GRT", "regton"], 100.0 * FOOT * FOOT * FOOT * CUBIC_METRE),
    unit(Volume, &["MTON"], 40.0 * FOOT * FOOT * FOOT * CUBIC_METRE),
    // Area, in square metres.
    unit(Area, &["uk_acre"], 43_560.0 * FOOT * FOOT),
    unit(Area, &["us_acre"], 43_560.0 * SURVEY_FOOT * SURVEY_FOOT),
    powered(Area, &["ang2", "ang^2"], 1e-20, 2),
    metric(Area, &["ar"], 100.0),
    unit(Area, &["ft2", "ft^2"], FOOT * FOOT),
    unit(Area, &["ha"], 10_000.0),
    unit(Area, &["in2", "in^2"], FOOT * FOOT / 144.0),
    unit(Area, &["ly2", "ly^2"], LIGHT_YEAR * LIGHT_YEAR),
    powered(Area, &["m2", "m^2"], 1.0, 2),
    unit(Area, &["Morgen"], 2_500.0),
    unit(Area, &["mi2", "mi^2"], MILE * MILE),
    unit(Area, &["Nmi2", "Nmi^2"], NAUTICAL_MILE * NAUTICAL_MILE),
    unit(Area, &["Picapt2", "Picapt^2", "Pica2", "Pica^2"], POINT * POINT),
    unit(Area, &["yd2", "yd^2"], 9.0 * FOOT * FOOT),
    // Information, in bits.
    binary(&["bit"], 1.0),
    binary(&["byte"], 8.0),
    // Speed, in metres a second.
    unit(Speed, &["admkn"], 6_080.0 * FOOT / 3_600.0),
    unit(Speed, &["kn"], NAUTICAL_MILE / 3_600.0),
    metric(Speed, &["m/h", "m/hr"], 1.0 / 3_600.0),
    metric(Speed, &["m/s", "m/sec"], 1.0),
    metric(Speed, &["mph"], MILE / 3_600.0),
];

/// Metric prefixes with their factors, longer ones first.
pub(super) const METRIC: &[(&str, f64)] = &[
    ("da", 1e1),
    ("Y", 1e24),
    ("Z", 1e21),
    ("E", 1e18),
    ("P", 1e15),
    ("T", 1e12),
    ("G", 1e9),
    ("M", 1e6),
    ("k", 1e3),
    ("h", 1e2),
    ("e", 1e1),
    ("d", 1e-1),
    ("c", 1e-2),
    ("m", 1e-3),
    ("u", 1e-6),
    ("n", 1e-9),
    ("p", 1e-12),
    ("f", 1e-15),
    ("a", 1e-18),
    ("z", 1e-21),
    ("y", 1e-24),
];

/// Binary prefixes as powers of 1,024.
pub(super) const BINARY: &[(&str, u8)] =
    &[("Yi", 8), ("Zi", 7), ("Ei", 6), ("Pi", 5), ("Ti", 4), ("Gi", 3), ("Mi", 2), ("ki", 1)];
