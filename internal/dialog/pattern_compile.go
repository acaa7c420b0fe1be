package dialog

import (
	"fmt"
	"slices"
	"strings"
)

// patternCompiler turns expressions into elements.
type patternCompiler struct {
	matcher *Matcher
	found   []Diagnostic
	// uses are the named patterns referred to, for the check against recursion.
	uses []patternUse
	// permutations is how many { } are open.
	permutations int
}

// patternUse is one $Name and the element made for it.
type patternUse struct {
	name    string
	pos     Pos
	element *namedElement
}

func (c *patternCompiler) report(severity Severity, pos Pos, code, message, hint string) {
	c.found = append(c.found, newDiagnostic(severity, pos, code, message, hint))
}

// unknown reports a name that nothing defines.
func (c *patternCompiler) unknown(pos Pos, code, message, hint string) element {
	severity := Error
	if c.matcher.incomplete {
		severity = Warning
	}
	c.report(severity, pos, code, message, hint)
	return neverElement{}
}

func (e sequenceExpr) compile(c *patternCompiler) element {
	return sequence(c.items(e.items))
}

// items compiles a sequence. A punctuation character is left out when a neighbour
// needs a word: it is optional there, and skipping does the same.
func (c *patternCompiler) items(items []expression) []element {
	optional := slices.ContainsFunc(items, expression.demands)
	var out []element
	for _, item := range items {
		if word, ok := item.(wordExpr); ok {
			out = append(out, c.words(word.text, optional)...)
		} else {
			out = append(out, item.compile(c))
		}
	}
	return out
}

func sequence(items []element) element {
	if len(items) == 1 {
		return items[0]
	}
	return sequenceElement{items: items}
}

func (e wordExpr) compile(c *patternCompiler) element {
	return sequence(c.words(e.text, e.demands()))
}

// words compiles a run of characters.
func (c *patternCompiler) words(text string, withoutPunctuation bool) []element {
	tokenizer := c.matcher.tokenizer
	tokenizer.stars = true
	var out []element
	for _, token := range tokenizer.split(text) {
		if !token.Punctuation || !withoutPunctuation {
			out = append(out, c.token(token))
		}
	}
	return out
}

func (c *patternCompiler) token(token Token) element {
	switch {
	case strings.Trim(token.Folded, "*") == "":
		return starElement{}
	case strings.Contains(token.Folded, "*"):
		return testElement{test: newWildcard(token.Folded)}
	}
	return wordElement{folded: token.Folded, worth: newMerit(c.matcher.weights.Word, true)}
}

func (e lemmaExpr) compile(c *patternCompiler) element {
	if !c.matcher.stems {
		c.report(Warning, e.pos, "pattern-no-stems", "forms of words are not known for the language of the bot; ~"+e.text+" matches only itself",
			"set language in chatbot.yaml, for example to ru or en")
	}
	var out []element
	for _, token := range c.matcher.tokenizer.split(e.text) {
		if !token.Punctuation {
			out = append(out, testElement{test: lemmaTest{word: c.matcher.forms(token.Folded)}})
		}
	}
	return sequence(out)
}

func (e choiceExpr) compile(c *patternCompiler) element {
	out := choiceElement{alternatives: make([]element, len(e.alternatives))}
	for i, alternative := range e.alternatives {
		out.alternatives[i] = alternative.compile(c)
	}
	return out
}

func (e optionExpr) compile(c *patternCompiler) element {
	return optionElement{body: e.body.compile(c)}
}

func (e permutationExpr) compile(c *patternCompiler) element {
	var choice choiceElement
	for _, members := range e.alternatives {
		choice.alternatives = append(choice.alternatives, c.permutation(members))
	}
	body := element(choice)
	if len(choice.alternatives) == 1 {
		body = choice.alternatives[0]
	}
	return c.nested(body)
}

// nested makes a costly element shared inside a permutation, which looks at its
// members from the same places many times.
func (c *patternCompiler) nested(body element) element {
	if c.permutations == 0 {
		return body
	}
	return nestedElement{shared: &sharedElement{body: body}}
}

// permutation compiles the members of one alternative. Weights hold in any order,
// so they are no members; neither is optional punctuation.
func (c *patternCompiler) permutation(members []expression) element {
	c.permutations++
	defer func() { c.permutations-- }()
	optional := slices.ContainsFunc(members, expression.demands)
	var bodies, weights []element
	for _, member := range members {
		switch member := member.(type) {
		case weightExpr:
			weights = append(weights, member.compile(c))
		case wordExpr:
			if words := c.words(member.text, optional); len(words) > 0 {
				bodies = append(bodies, sequence(words))
			}
		default:
			bodies = append(bodies, member.compile(c))
		}
	}
	return sequence(append([]element{permutationElement{members: bodies}}, weights...))
}

func (e anyExpr) compile(*patternCompiler) element {
	return testElement{test: oneWordTest{}, node: aliasNode(e.alias, "oneWord")}
}

func (e garbageExpr) compile(*patternCompiler) element {
	return garbageElement{node: aliasNode(e.alias, "nonEmptyGarbage")}
}

func (e refExpr) compile(c *patternCompiler) element {
	shared, ok := c.matcher.named[e.name]
	if !ok {
		return c.unknown(e.pos, "pattern-unknown", "no named pattern $"+e.name, didYouMean(e.name, c.matcher.names()))
	}
	named := &namedElement{shared: shared, node: newNodeName(e.alias, e.name)}
	c.uses = append(c.uses, patternUse{name: e.name, pos: e.pos, element: named})
	if e.repeat {
		return repeatElement{named}
	}
	return named
}

func (e regexpExpr) compile(c *patternCompiler) element {
	worth := newMerit(c.matcher.weights.Regexp, false)
	return c.nested(regexpElement{expression: e.compiled, worth: worth, node: aliasNode(e.alias, "regexp")})
}

func (e morphExpr) compile(c *patternCompiler) element {
	dictionary := c.matcher.lexicon.dictionary()
	if dictionary == nil {
		c.report(Warning, e.pos, "pattern-morph", "$morph<> needs a dictionary of the language of the bot; it never matches", "only Russian has one")
		return neverElement{}
	}
	requirement, unknown := dictionary.Requirement(e.tags)
	if unknown != "" {
		c.report(Warning, e.pos, "pattern-morph", fmt.Sprintf("$morph<> knows no tag %q; it never matches", unknown),
			"write tags such as <С им ед> or <NOUN nomn sing>")
		return neverElement{}
	}
	return testElement{test: morphTest{requirement: requirement}}
}

func (e entityExpr) compile(c *patternCompiler) element {
	index, ok := c.matcher.indexes[e.dictionary]
	if !ok {
		return c.unknown(e.pos, "pattern-unknown-dictionary", fmt.Sprintf("no dictionary is named %q", e.dictionary),
			didYouMean(e.dictionary, c.matcher.dictionaryNames()))
	}
	return spanElement{source: index(), node: newNodeName(e.alias, e.dictionary)}
}

func (e nluExpr) compile(c *patternCompiler) element {
	if c.matcher.entities == nil || !c.matcher.entities.Known(e.name) {
		c.noEntity(e)
		return neverElement{}
	}
	return spanElement{source: &entitySource{name: e.name}, node: newNodeName(e.alias, e.name), lends: true}
}

// CodeNoEntity is the code of the warning that an @entity has no data: the
// project's export has no records for it and it is not built in.
const CodeNoEntity = "entity-without-data"

func (c *patternCompiler) noEntity(e nluExpr) {
	hint := "add the export of the project (caila_import.json or nlu.json) with records for it"
	if c.matcher.entities != nil {
		if near := didYouMean(e.name, c.matcher.entities.Names()); near != "" {
			hint = near
		}
	}
	c.report(Warning, e.pos, CodeNoEntity, "there is no data for the entity @"+e.name+"; it never matches", hint)
}

func (e weightExpr) compile(*patternCompiler) element {
	return effectElement{effect: weightEffect(e)}
}

func (e valueExpr) compile(c *patternCompiler) element {
	return sequenceElement{items: []element{e.item.compile(c), effectElement{effect: valueEffect{value: e.value}}}}
}

func (neverExpr) compile(*patternCompiler) element { return neverElement{} }
