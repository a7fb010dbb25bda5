//! XPath 1.0 expressions: text to tree. Left out are variables and the namespace axis.

/// An expression.
#[derive(Debug)]
pub(super) enum Expr {
    Number(f64),
    Text(String),
    Call(String, Vec<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Negative(Box<Expr>),
    /// Steps from a beginning.
    Path(From, Vec<Step>),
    /// An expression filtered by predicates.
    Filter(Box<Expr>, Vec<Expr>),
}

/// Where a path begins.
#[derive(Debug)]
pub(super) enum From {
    Root,
    Here,
    Expr(Box<Expr>),
}

/// One step of a path.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) axis: Axis,
    pub(super) test: Test,
    pub(super) predicates: Vec<Expr>,
}

/// A direction to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Parent,
    Preceding,
    PrecedingSibling,
    Itself,
}

/// Which nodes of an axis are meant.
#[derive(Debug)]
pub(super) enum Test {
    Any,
    Text,
    Comment,
    /// A processing instruction, perhaps one for a certain target.
    Instruction(Option<String>),
    /// `*`
    Named,
    /// `prefix:*`
    Prefix(String),
    /// `name` or `prefix:name`
    Name(String, String),
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Union,
}

/// Tests for kinds of nodes, which are no calls of functions.
const NODE_TESTS: [&str; 4] = ["text", "node", "comment", "processing-instruction"];

/// Deepest nesting of an expression.
const MAX_DEPTH: usize = 40;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
}

const SIGNS: [&str; 22] = [
    "//", "::", "..", "!=", "<=", ">=", "/", "(", ")", "[", "]", ".", "@", ",", "|", "+", "-", "=", "<", ">",
    "*", ":",
];

/// Reads an expression; `None` where it is faulty or uses what is left out.
pub(super) fn parse(text: &str) -> Option<Expr> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    let expr = parser.binary(0)?;
    (parser.at == tokens.len()).then_some(expr)
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = if first == '"' || first == '\'' {
            let end = rest[1..].find(first)?;
            tokens.push(Token::Text(rest[1..=end].to_owned()));
            end + 2
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
            tokens.push(Token::Number(rest[..length].parse().ok()?));
            length
        } else if is_name_start(first) {
            let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..length].to_owned()));
            length
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            tokens.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest[taken..].trim_start();
    }
    Some(tokens)
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn sign(&self, sign: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Sign(found)) if *found == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let taken = self.sign(sign);
        self.at += usize::from(taken);
        taken
    }

    fn expect(&mut self, sign: &str) -> Option<()> {
        self.take(sign).then_some(())
    }

    /// An operator of a level, 0 being the loosest.
    fn operator(&self, level: usize) -> Option<Op> {
        let levels: [&[(&str, Op)]; 7] = [
            &[("or", Op::Or)],
            &[("and", Op::And)],
            &[("=", Op::Equal), ("!=", Op::NotEqual)],
            &[("<", Op::Less), ("<=", Op::LessEqual), (">", Op::Greater), (">=", Op::GreaterEqual)],
            &[("+", Op::Add), ("-", Op::Subtract)],
            &[("*", Op::Multiply), ("div", Op::Divide), ("mod", Op::Modulo)],
            &[("|", Op::Union)],
        ];
        let written = match self.tokens.get(self.at)? {
            Token::Sign(sign) => sign,
            Token::Name(name) => name.as_str(),
            _ => return None,
        };
        levels.get(level)?.iter().find(|(text, _)| *text == written).map(|(_, op)| *op)
    }

    fn binary(&mut self, level: usize) -> Option<Expr> {
        const UNION: usize = 6;
        if level > UNION {
            return self.path();
        }
        if level == UNION && self.take("-") {
            self.enter()?;
            let operand = self.binary(UNION)?;
            self.depth -= 1;
            return Some(Expr::Negative(Box::new(operand)));
        }
        let mut left = self.binary(level + 1)?;
        while let Some(op) = self.operator(level) {
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
        Some(left)
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    /// A path, or another expression with predicates and further steps.
    fn path(&mut self) -> Option<Expr> {
        self.enter()?;
        let expr = match self.primary()? {
            Some(primary) => {
                let predicates = self.predicates()?;
                let primary =
                    if predicates.is_empty() { primary } else { Expr::Filter(Box::new(primary), predicates) };
                if self.sign("/") || self.sign("//") {
                    let mut steps = Vec::new();
                    self.further_steps(&mut steps)?;
                    Expr::Path(From::Expr(Box::new(primary)), steps)
                } else {
                    primary
                }
            }
            None => self.location()?,
        };
        self.depth -= 1;
        Some(expr)
    }

    /// Text, a number, parentheses or a call; `Some(None)` for a path.
    fn primary(&mut self) -> Option<Option<Expr>> {
        let expr = match self.tokens.get(self.at)? {
            Token::Number(number) => Expr::Number(*number),
            Token::Text(text) => Expr::Text(text.clone()),
            Token::Sign("(") => {
                self.at += 1;
                let inner = self.binary(0)?;
                self.expect(")")?;
                return Some(Some(inner));
            }
            Token::Name(name) => {
                let is_call = self.tokens.get(self.at + 1) == Some(&Token::Sign("("));
                if !is_call || NODE_TESTS.contains(&name.as_str()) {
                    return Some(None);
                }
                self.at += 2;
                return Some(Some(Expr::Call(name.clone(), self.arguments()?)));
            }
            Token::Sign(_) => return Some(None),
        };
        self.at += 1;
        Some(Some(expr))
    }

    fn arguments(&mut self) -> Option<Vec<Expr>> {
        let mut arguments = Vec::new();
        if self.take(")") {
            return Some(arguments);
        }
        loop {
            arguments.push(self.binary(0)?);
            if self.take(")") {
                return Some(arguments);
            }
            self.expect(",")?;
        }
    }

    fn predicates(&mut self) -> Option<Vec<Expr>> {
        let mut predicates = Vec::new();
        while self.take("[") {
            predicates.push(self.binary(0)?);
            self.expect("]")?;
        }
        Some(predicates)
    }

    fn location(&mut self) -> Option<Expr> {
        let mut steps = Vec::new();
        if self.sign("//") {
            self.further_steps(&mut steps)?;
            return Some(Expr::Path(From::Root, steps));
        }
        if self.take("/") {
            if self.starts_step() {
                steps.push(self.step()?);
                self.further_steps(&mut steps)?;
            }
            return Some(Expr::Path(From::Root, steps));
        }
        steps.push(self.step()?);
        self.further_steps(&mut steps)?;
        Some(Expr::Path(From::Here, steps))
    }

    fn further_steps(&mut self, steps: &mut Vec<Step>) -> Option<()> {
        loop {
            if self.take("//") {
                steps.push(Step { axis: Axis::DescendantOrSelf, test: Test::Any, predicates: Vec::new() });
            } else if !self.take("/") {
                return Some(());
            }
            steps.push(self.step()?);
        }
    }

    fn starts_step(&self) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Name(_) | Token::Sign("." | ".." | "@" | "*")))
    }

    fn step(&mut self) -> Option<Step> {
        for (sign, axis) in [("..", Axis::Parent), (".", Axis::Itself)] {
            if self.take(sign) {
                return Some(Step { axis, test: Test::Any, predicates: self.predicates()? });
            }
        }
        let axis = self.axis()?;
        let test = self.test()?;
        Some(Step { axis, test, predicates: self.predicates()? })
    }

    fn axis(&mut self) -> Option<Axis> {
        if self.take("@") {
            return Some(Axis::Attribute);
        }
        let (Some(Token::Name(name)), Some(Token::Sign("::"))) =
            (self.tokens.get(self.at), self.tokens.get(self.at + 1))
        else {
            return Some(Axis::Child);
        };
        self.at += 2;
        Some(match name.as_str() {
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "attribute" => Axis::Attribute,
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "following" => Axis::Following,
            "following-sibling" => Axis::FollowingSibling,
            "parent" => Axis::Parent,
            "preceding" => Axis::Preceding,
            "preceding-sibling" => Axis::PrecedingSibling,
            "self" => Axis::Itself,
            _ => return None,
        })
    }

    fn test(&mut self) -> Option<Test> {
        if self.take("*") {
            return Some(Test::Named);
        }
        let Some(Token::Name(name)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        if self.take("(") {
            let target = match self.tokens.get(self.at) {
                Some(Token::Text(target)) => Some(target.clone()),
                _ => None,
            };
            self.at += usize::from(target.is_some());
            self.expect(")")?;
            return match (name.as_str(), target) {
                ("text", None) => Some(Test::Text),
                ("node", None) => Some(Test::Any),
                ("comment", None) => Some(Test::Comment),
                ("processing-instruction", target) => Some(Test::Instruction(target)),
                _ => None,
            };
        }
        if !self.take(":") {
            return Some(Test::Name(String::new(), name.clone()));
        }
        if self.take("*") {
            return Some(Test::Prefix(name.clone()));
        }
        let Some(Token::Name(local)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some(Test::Name(name.clone(), local.clone()))
    }
}
