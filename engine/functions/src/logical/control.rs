//! Functions that decide which of their arguments are evaluated, or that bind names. The evaluator carries
//! them out; here they say what they are called and how many arguments they take.

use crate::{Control, Function, Param};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::control("CHOOSE", &[Param::number("index_num"), Param::any("value")], Control::Choose)
        .repeating(1),
    Function::control(
        "IF",
        &[
            Param::bool("logical_test"),
            Param::any("value_if_true").optional(),
            Param::any("value_if_false").optional(),
        ],
        Control::If,
    ),
    Function::control("IFERROR", &[Param::any("value"), Param::any("value_if_error")], Control::IfError),
    Function::control("IFNA", &[Param::any("value"), Param::any("value_if_na")], Control::IfNa),
    Function::control("IFS", &[Param::bool("logical_test"), Param::any("value_if_true")], Control::Ifs)
        .repeating(2),
    Function::control("ISOMITTED", &[Param::any("argument")], Control::IsOmitted),
    Function::control("LAMBDA", &[Param::any("parameter_or_calculation")], Control::Lambda).repeating(1),
    Function::control(
        "LET",
        &[Param::any("name"), Param::any("name_value"), Param::any("calculation_or_name")],
        Control::Let,
    )
    .repeating(1),
    Function::control(
        "SWITCH",
        &[
            Param::any("expression"),
            Param::any("value"),
            Param::any("result"),
            Param::any("default_or_value").optional(),
        ],
        Control::Switch,
    )
    .repeating(1),
    Function::control(
        "TABLE",
        &[Param::reference("row_input").optional(), Param::reference("column_input").optional()],
        Control::DataTable,
    ),
];
