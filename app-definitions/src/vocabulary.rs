//! The vocabulary: every element, its attributes and what may stand inside it, in one table.
//!
//! The reader takes from here what is unknown, misplaced or missing and which words to suggest; a test compares the
//! table with `app-definition.xsd`. What the values of attributes may be stands where they are read.

/// The namespace of app definitions.
pub const NAMESPACE: &str = "urn:playsheet:app:1";

/// The version of the vocabulary that this crate reads and writes.
pub const SCHEMA_VERSION: u32 = 1;

/// Start of the namespaces of all versions, the version's number behind it.
pub(crate) const NAMESPACE_FAMILY: &str = "urn:playsheet:app:";

/// What an element may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// These elements, and elements that this version does not show.
    Elements(&'static [&'static str]),
    /// Text only.
    Text,
    /// Anything: the element is kept as it is.
    Kept,
}

/// What the vocabulary says about one element.
#[derive(Debug)]
pub(crate) struct ElementRule {
    pub(crate) name: &'static str,
    pub(crate) attributes: &'static [AttributeRule],
    pub(crate) content: Content,
}

/// An attribute of an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributeRule {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
}

const fn may(name: &'static str) -> AttributeRule {
    AttributeRule { name, required: false }
}

const fn must(name: &'static str) -> AttributeRule {
    AttributeRule { name, required: true }
}

const fn element(
    name: &'static str,
    attributes: &'static [AttributeRule],
    content: &'static [&'static str],
) -> ElementRule {
    ElementRule { name, attributes, content: Content::Elements(content) }
}

const fn text(name: &'static str, attributes: &'static [AttributeRule]) -> ElementRule {
    ElementRule { name, attributes, content: Content::Text }
}

const fn later(name: &'static str) -> ElementRule {
    ElementRule { name, attributes: &[], content: Content::Kept }
}

/// What containers hold. The layout may hold pages too.
const CONTENT: &[&str] =
    &["tab", "section", "group", "item", "text", "heading", "divider", "spacer", "image", "list", "chart"];

const LAYOUT: &[&str] = &[
    "page", "tab", "section", "group", "item", "text", "heading", "divider", "spacer", "image", "list",
    "chart",
];

const CONTAINER: &[AttributeRule] = &[
    may("id"),
    may("caption"),
    may("icon"),
    may("visible"),
    may("enabled"),
    may("collapsed"),
    may("columns"),
    may("help"),
];

/// Children of `<app>` in the basic form only, the one without a namespace.
pub(crate) const BASIC: &[ElementRule] = &[
    text("id", &[]),
    text("name", &[]),
    text("description", &[]),
    text("spreadsheeturl", &[]),
    text("owner", &[]),
];

/// What to write instead of elements that only the basic form has.
pub(crate) const BASIC_ONLY: [(&str, &str); 2] = [
    ("id", "Write it as the attribute `id` of `<app>`."),
    ("spreadsheeturl", "Write <source provider=\"http\" url=\"...\"/> instead."),
];

/// The record beside a definition holds these; a document that does is refused. Compared without regard to case.
const ACCESS_DATA: [&str; 2] = ["publishmode", "accesscontrollist"];

/// Whether an element or attribute of this name holds publish mode or access list.
pub(crate) fn is_access_data(name: &str) -> bool {
    ACCESS_DATA.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Every element. Attributes stand in the order of writing.
pub(crate) const ELEMENTS: &[ElementRule] = &[
    element(
        "app",
        &[may("id"), may("version"), may("schema"), may("defaultlocale"), may("minplayer"), may("mode")],
        &["meta", "source", "bind", "layout", "theme", "strings", "offline", "privacy"],
    ),
    element("meta", &[], &["name", "description", "icon", "category", "owner", "contact", "terms"]),
    text("name", &[]),
    text("description", &[]),
    element("icon", &[must("asset")], &[]),
    text("category", &[]),
    text("owner", &[]),
    text("contact", &[]),
    text("terms", &[]),
    element(
        "source",
        &[
            may("id"),
            may("url"),
            may("provider"),
            may("auth"),
            may("sha256"),
            may("refresh"),
            may("interval"),
            may("optional"),
        ],
        &[],
    ),
    element(
        "bind",
        &[
            must("id"),
            may("source"),
            may("name"),
            may("table"),
            may("column"),
            may("sheet"),
            may("address"),
            may("kind"),
            may("onmove"),
            may("default"),
        ],
        &["fingerprint"],
    ),
    element("fingerprint", &[may("caption"), may("labelat"), may("shape"), may("neighbours")], &[]),
    element("layout", &[may("columns"), may("width"), may("navigation")], LAYOUT),
    element("page", CONTAINER, CONTENT),
    element("tab", CONTAINER, CONTENT),
    element("section", CONTAINER, CONTENT),
    element("group", CONTAINER, CONTENT),
    element(
        "item",
        &[
            may("id"),
            may("caption"),
            may("inputtype"),
            may("contenttype"),
            may("address"),
            may("ref"),
            may("unit"),
            may("unitbefore"),
            may("min"),
            may("max"),
            may("step"),
            may("decimals"),
            may("currency"),
            may("format"),
            may("hint"),
            may("help"),
            may("required"),
            may("readonly"),
            may("visible"),
            may("enabled"),
            may("default"),
            may("span"),
            may("style"),
        ],
        &["choices", "validate"],
    ),
    element("choices", &[may("ref"), may("dependson")], &["choice"]),
    element("choice", &[must("value"), may("caption"), may("image"), may("group")], &[]),
    element("validate", &[must("test"), may("message"), may("level"), may("when")], &[]),
    element("text", &[may("id"), must("caption"), may("style")], &[]),
    element("heading", &[may("id"), must("caption"), may("level"), may("style")], &[]),
    element("divider", &[may("id"), may("caption"), may("style")], &[]),
    element("spacer", &[may("id"), may("style")], &[]),
    element("image", &[may("id"), may("ref"), may("asset"), may("alt"), may("fit"), may("height")], &[]),
    element(
        "list",
        &[
            may("id"),
            must("ref"),
            may("key"),
            may("caption"),
            may("view"),
            may("search"),
            may("pagesize"),
            may("sortby"),
            may("order"),
            may("emptytext"),
            may("keylabel"),
        ],
        &["column", "filter", "sort", "groupby"],
    ),
    element(
        "column",
        &[
            may("id"),
            must("ref"),
            may("caption"),
            may("contenttype"),
            may("role"),
            may("searchable"),
            may("sortable"),
            may("filter"),
            may("aggregate"),
        ],
        &[],
    ),
    element("filter", &[must("column"), may("op"), may("value"), may("userchoice")], &[]),
    element("sort", &[must("column"), may("order"), may("userchoice")], &[]),
    element("groupby", &[must("column"), may("userchoice")], &[]),
    element(
        "chart",
        &[
            may("id"),
            may("type"),
            may("title"),
            may("legend"),
            may("stacked"),
            may("height"),
            may("drill"),
            may("alttext"),
        ],
        &["series", "axis"],
    ),
    element(
        "series",
        &[may("id"), must("ref"), may("categories"), may("caption"), may("color"), may("axis")],
        &[],
    ),
    element("axis", &[may("axis"), may("caption"), may("format"), may("min"), may("max")], &[]),
    element(
        "theme",
        &[
            may("primary"),
            may("accent"),
            may("background"),
            may("text"),
            may("font"),
            may("radius"),
            may("density"),
            may("logo"),
            may("dark"),
        ],
        &[],
    ),
    element("strings", &[must("locale")], &["t"]),
    text("t", &[must("key")]),
    element(
        "offline",
        &[may("lease"), may("maxage"), may("wipe"), may("allowexport"), may("screenshot")],
        &[],
    ),
    element("privacy", &[may("classification"), may("hide"), may("retention")], &[]),
    // Elements that this version keeps but does not show. They may stand in every element that holds elements.
    later("form"),
    later("field"),
    later("scenarioset"),
    later("dashboard"),
    later("tile"),
    later("detail"),
    later("relation"),
    later("edit"),
    later("action"),
    later("mail"),
    later("document"),
    later("rule"),
    later("approval"),
    later("step"),
    later("roles"),
    later("role"),
    later("style"),
    later("assets"),
    later("asset"),
    later("ext"),
];

impl ElementRule {
    /// Whether this version keeps the element without showing it.
    pub(crate) fn is_later(&self) -> bool {
        self.content == Content::Kept
    }

    /// Whether the element may hold an element of this name.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.children().contains(&name)
    }

    /// The elements that it may hold.
    pub(crate) fn children(&self) -> &'static [&'static str] {
        match self.content {
            Content::Elements(children) => children,
            Content::Text | Content::Kept => &[],
        }
    }

    /// The attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'static AttributeRule> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The names of its attributes.
    pub(crate) fn attribute_names(&self) -> impl Iterator<Item = &'static str> {
        self.attributes.iter().map(|attribute| attribute.name)
    }
}

/// What the vocabulary says about the element of this name.
pub(crate) fn rule_of(name: &str) -> Option<&'static ElementRule> {
    ELEMENTS.iter().find(|element| element.name == name)
}

/// The elements that may hold an element of this name.
pub(crate) fn parents_of(name: &str) -> Vec<&'static str> {
    ELEMENTS.iter().filter(|element| element.holds(name)).map(|element| element.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_child_is_an_element_and_every_element_but_the_root_has_a_parent() {
        for element in ELEMENTS {
            for child in element.children() {
                assert!(rule_of(child).is_some_and(|rule| !rule.is_later()), "{child} in {}", element.name);
            }
            let expected = element.name != "app" && !element.is_later();
            assert_eq!(!parents_of(element.name).is_empty(), expected, "{}", element.name);
        }
    }

    #[test]
    fn names_are_unique() {
        for (at, element) in ELEMENTS.iter().enumerate() {
            assert!(ELEMENTS[..at].iter().all(|other| other.name != element.name), "{}", element.name);
            let names: Vec<&str> = element.attribute_names().collect();
            for (at, name) in names.iter().enumerate() {
                assert!(!names[..at].contains(name), "{name} of {}", element.name);
            }
        }
    }

    const XSD: &str = include_str!("../app-definition.xsd");

    /// The part of the XSD that declares a group or a type.
    fn declared(kind: &str, name: &str) -> &'static str {
        let start = format!("<xs:{kind} name=\"{name}\"");
        let from = XSD.find(&start).unwrap_or_else(|| panic!("the XSD has no {kind} {name}"));
        let to = XSD[from..].find(&format!("\n  </xs:{kind}>")).unwrap();
        &XSD[from..from + to]
    }

    /// The values of an attribute wherever it stands in a part of the XSD behind `before`.
    fn values(part: &'static str, before: &str) -> Vec<&'static str> {
        part.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    }

    /// The elements that a part of the XSD declares, those of its groups included.
    fn elements(part: &'static str) -> Vec<&'static str> {
        let mut found = values(part, "<xs:element name=\"");
        for group in values(part, "<xs:group ref=\"a:") {
            found.extend(elements(declared("group", group)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn sorted(mut names: Vec<&'static str>) -> Vec<&'static str> {
        names.sort_unstable();
        names
    }

    #[test]
    fn the_xsd_has_the_same_elements_and_attributes() {
        let later: Vec<&str> = ELEMENTS.iter().filter(|rule| rule.is_later()).map(|rule| rule.name).collect();
        assert_eq!(elements(declared("group", "kept")), sorted(later.clone()));
        for rule in ELEMENTS.iter().filter(|rule| !rule.is_later()) {
            let kind = values(XSD, &format!("<xs:element name=\"{}\" type=\"a:", rule.name));
            let part = match kind.first() {
                Some(kind) => declared("complexType", kind),
                None => declared("element", rule.name),
            };
            let attributes = values(part, "<xs:attribute name=\"");
            assert_eq!(attributes, rule.attribute_names().collect::<Vec<_>>(), "attributes of {}", rule.name);
            for attribute in rule.attributes {
                let line =
                    part.lines().find(|line| line.contains(&format!("name=\"{}\" type", attribute.name)));
                let required = line.is_some_and(|line| line.contains("use=\"required\""));
                assert_eq!(attribute.required, required, "{}/@{}", rule.name, attribute.name);
            }
            let mut children = rule.children().to_vec();
            if rule.content != Content::Text {
                children.extend(&later);
            }
            // The part of an element starts with its own declaration.
            let found: Vec<&str> = elements(part).into_iter().filter(|child| *child != "app").collect();
            assert_eq!(found, sorted(children), "children of {}", rule.name);
        }
    }
}
