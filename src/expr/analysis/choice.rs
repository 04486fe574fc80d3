//! Which of several operators or functions is meant.
//!
//! Source: PostgreSQL manual, sections 10.2 and 10.3; src/backend/parser/parse_func.c
//! (`func_get_detail`, `func_match_argtypes`, `func_select_candidate`), parse_oper.c
//! (`binary_oper_exact`).

use super::World;
use super::types::{Given, Type, is_polymorphic};

/// A candidate: what it takes and what it makes.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) arguments: Vec<Type>,
    pub(super) result: Option<Type>,
    /// Where the candidate stands in the caller's list.
    pub(super) origin: usize,
}

impl World<'_> {
    /// The one candidate that the server would choose; `None` where it would find several or none.
    pub(super) fn choose(&self, candidates: &[Candidate], given: &[Given]) -> Option<Candidate> {
        let exact = |given: &[Given]| {
            let same = |c: &&Candidate| {
                c.arguments
                    .iter()
                    .zip(given)
                    .all(|(a, g)| matches!(g, Given::Known(t) if t == a))
            };
            candidates.iter().find(same).cloned()
        };
        if let Some(found) = exact(given) {
            return Some(found);
        }
        // With one literal of two operands, the literal is taken to be of the other's type.
        if let Some(found) = self.assumed_alike(given).and_then(|alike| exact(&alike)) {
            return Some(found);
        }
        let fits = |c: &&Candidate| self.fits(c, given);
        let fitting: Vec<&Candidate> = candidates.iter().filter(fits).collect();
        match fitting.as_slice() {
            [] => None,
            [one] => Some((*one).clone()),
            _ => self.select(fitting, given),
        }
    }

    fn assumed_alike(&self, given: &[Given]) -> Option<Vec<Given>> {
        let known = match given {
            [Given::Known(t), Given::Literal] | [Given::Literal, Given::Known(t)] => t,
            _ => return None,
        };
        let alike = Given::Known(self.base(known));
        Some(vec![alike.clone(), alike])
    }

    /// Whether every argument converts by itself, and polymorphic ones agree.
    fn fits(&self, candidate: &Candidate, given: &[Given]) -> bool {
        let each = candidate
            .arguments
            .iter()
            .zip(given)
            .all(|(wanted, given)| match given {
                Given::Known(found) => self.coercible(found, &wanted.name),
                Given::Literal => true,
                Given::Unclear => false,
            });
        each && self.bind(candidate, given).is_some()
    }

    fn select(&self, fitting: Vec<&Candidate>, given: &[Given]) -> Option<Candidate> {
        let bases: Vec<Option<Type>> = given
            .iter()
            .map(|g| match g {
                Given::Known(t) => Some(self.base(t)),
                _ => None,
            })
            .collect();
        let exact = |c: &Candidate| {
            let pairs = c.arguments.iter().zip(&bases);
            pairs.filter(|(a, b)| b.as_ref() == Some(*a)).count()
        };
        let left = best(fitting, exact);
        if let [one] = left.as_slice() {
            return Some((*one).clone());
        }
        let preferred = |c: &Candidate| {
            let pairs = c.arguments.iter().zip(&bases);
            pairs
                .filter(|(a, b)| {
                    b.as_ref().is_some_and(|b| {
                        b == *a || self.is_preferred(self.category(&b.name), &a.name)
                    })
                })
                .count()
        };
        let left = best(left, preferred);
        if let [one] = left.as_slice() {
            return Some((*one).clone());
        }
        if bases.iter().all(Option::is_some) {
            return None;
        }
        let left = self.by_category(left, &bases);
        if let [one] = left.as_slice() {
            return Some((*one).clone());
        }
        self.all_alike(&left, &bases)
    }

    /// Literals go to the string category where a candidate takes it, else to the one all agree on.
    fn by_category<'a>(
        &self,
        left: Vec<&'a Candidate>,
        bases: &[Option<Type>],
    ) -> Vec<&'a Candidate> {
        let mut wanted: Vec<(usize, char, bool)> = Vec::new();
        for (at, _) in bases.iter().enumerate().filter(|(_, b)| b.is_none()) {
            let of = |c: &Candidate| {
                let name = &c.arguments[at].name;
                let category = self.category(name);
                (category, self.is_preferred(category, name))
            };
            let mut all = left.iter().map(|c| of(c));
            let Some((mut category, mut has_preferred)) = all.next() else {
                return left;
            };
            let mut conflict = false;
            for (other, preferred) in all {
                if other == category {
                    has_preferred |= preferred;
                } else if other == 'S' {
                    (category, has_preferred) = ('S', preferred);
                } else {
                    conflict = true;
                }
            }
            if conflict && category != 'S' {
                return left;
            }
            wanted.push((at, category, has_preferred));
        }
        let keep = |c: &&Candidate| {
            wanted.iter().all(|(at, category, has_preferred)| {
                let name = &c.arguments[*at].name;
                self.category(name) == *category
                    && (!has_preferred || self.is_preferred(*category, name))
            })
        };
        let kept: Vec<&Candidate> = left.iter().copied().filter(keep).collect();
        if kept.is_empty() { left } else { kept }
    }

    /// Where all known arguments are of one type, literals are taken to be of it too.
    fn all_alike(&self, left: &[&Candidate], bases: &[Option<Type>]) -> Option<Candidate> {
        let mut known = bases.iter().flatten();
        let first = known.next()?;
        if known.any(|t| t != first) {
            return None;
        }
        let mut fitting = left
            .iter()
            .filter(|c| c.arguments.iter().all(|a| self.coercible(first, &a.name)));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => Some((*one).clone()),
            _ => None,
        }
    }

    /// The candidate with its polymorphic types replaced by what the arguments say; `None` where they
    /// contradict each other. A type that no argument says stays polymorphic.
    pub(super) fn bind(&self, candidate: &Candidate, given: &[Given]) -> Option<Candidate> {
        let generic = candidate.arguments.iter().any(|a| is_polymorphic(&a.name));
        if !generic {
            return Some(candidate.clone());
        }
        let strict = |name: &str| !name.starts_with("anycompatible");
        let mut element: Option<Type> = None;
        let mut compatible: Vec<Given> = Vec::new();
        for (wanted, given) in candidate.arguments.iter().zip(given) {
            let Given::Known(found) = given else {
                continue;
            };
            if !is_polymorphic(&wanted.name) {
                continue;
            }
            let base = self.base(found);
            let one = match wanted.name.as_str() {
                "anyarray" | "anycompatiblearray" => base.element()?,
                "anyrange" | "anymultirange" | "anycompatiblerange" | "anycompatiblemultirange" => {
                    self.range_element(&base)?
                }
                _ => found.clone(),
            };
            if !strict(&wanted.name) {
                compatible.push(Given::Known(one));
            } else if element.as_ref().is_some_and(|e| *e != one) {
                return None;
            } else {
                element = Some(one);
            }
        }
        let compatible = match compatible.is_empty() {
            true => None,
            false => Some(self.common_type(&compatible)?),
        };
        let bound = |wanted: &Type| -> Type {
            let of = if strict(&wanted.name) {
                &element
            } else {
                &compatible
            };
            match (of, wanted.name.as_str()) {
                (_, name) if !is_polymorphic(name) => wanted.clone(),
                (Some(of), "anyarray" | "anycompatiblearray") => of.array().without_modifier(),
                (Some(_), name) if name.contains("range") => self.same_range(candidate, given),
                (Some(of), _) => of.without_modifier(),
                (None, _) => wanted.clone(),
            }
        };
        Some(Candidate {
            arguments: candidate.arguments.iter().map(bound).collect(),
            result: candidate.result.as_ref().map(bound),
            origin: candidate.origin,
        })
    }

    fn same_range(&self, candidate: &Candidate, given: &[Given]) -> Type {
        let pairs = candidate.arguments.iter().zip(given);
        let mut ranges = pairs.filter(|(wanted, _)| wanted.name.contains("range"));
        match ranges.find_map(|(_, g)| match g {
            Given::Known(found) => Some(self.base(found)),
            _ => None,
        }) {
            Some(found) => found,
            None => Type::new("anyrange"),
        }
    }
}

/// Those that score highest.
fn best(all: Vec<&Candidate>, score: impl Fn(&Candidate) -> usize) -> Vec<&Candidate> {
    let highest = all.iter().map(|c| score(c)).max().unwrap_or(0);
    all.into_iter().filter(|c| score(c) == highest).collect()
}
