package dialog

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// referenceReader reads the elements that begin with "$" or "@". None of them
// holds other elements.
type referenceReader struct{ *patternCursor }

// dollar reads what begins with "$": an element with an argument, a built-in
// element or a named pattern. A "$" without a name is text.
func (p referenceReader) dollar() expression {
	start := p.at
	name := p.nameAt(p.at + 1)
	if name == "" {
		return p.word()
	}
	p.at += 1 + len(name)
	if p.looking("<") {
		return p.angle(start, name)
	}
	alias := p.alias()
	switch name {
	case "oneWord":
		return anyExpr{alias: alias}
	case "nonEmptyGarbage":
		return garbageExpr{alias: alias}
	}
	return refExpr{pos: p.source.At(start), name: name, alias: alias}
}

// angle reads $name<argument>.
func (p referenceReader) angle(start int, name string) expression {
	p.at++
	from := p.at
	end := strings.IndexByte(p.text[from:], '>')
	if strings.HasPrefix(name, "reg") {
		end = regexpEnd(p.text[from:])
	}
	if end < 0 {
		p.fail(start, "pattern-unclosed", "$"+name+"< is not closed", `add ">"`)
		p.at = len(p.text)
		return nil
	}
	argument := p.text[from : from+end]
	p.at = from + end + 1
	switch name {
	case "regexp", "regex":
		return p.regexp(from, argument, false)
	case "regexp_i", "regex_i":
		return p.regexp(from, argument, true)
	case "morph":
		return morphExpr{pos: p.source.At(start), tags: argument}
	case "entity":
		dictionary := strings.TrimPrefix(strings.TrimSpace(argument), "$")
		return entityExpr{pos: p.source.At(start), dictionary: dictionary, alias: p.alias()}
	case "repeat":
		return p.repeat(start, from, argument)
	case "weight":
		return p.weight(start, argument)
	}
	p.fail(start, "pattern-unknown-element", "unknown element $"+name+"<>",
		"known are $regexp<>, $regex<>, $regexp_i<>, $morph<>, $entity<>, $repeat<> and $weight<>")
	return nil
}

func (p referenceReader) regexp(from int, source string, ignoreCase bool) expression {
	compiled, err := compileTextRegexp(source, ignoreCase)
	if err != nil {
		p.fail(from, "pattern-regexp", "invalid regular expression: "+err.Error(), "")
		return nil
	}
	return regexpExpr{alias: p.alias(), compiled: compiled}
}

func (p referenceReader) repeat(start, from int, argument string) expression {
	inner := referenceReader{&patternCursor{source: p.source, text: p.text[:from+len(argument)], at: from}}
	inner.skipBlanks()
	if ref, ok := inner.repeated(); ok {
		if ref.alias == "" {
			ref.alias = p.alias()
		}
		ref.repeat = true
		return ref
	}
	p.fail(start, "pattern-repeat", "Repeat can contain only named pattern like $repeat<$Number>.", "")
	return nil
}

func (p referenceReader) repeated() (refExpr, bool) {
	if !p.looking("$") {
		return refExpr{}, false
	}
	ref, ok := p.dollar().(refExpr)
	p.skipBlanks()
	return ref, ok && p.at == len(p.text)
}

var weightForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)?([+-](?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))?$`)

// weight reads the modifier a, a+b, a-b, +b or -b.
func (p referenceReader) weight(start int, argument string) expression {
	parts := weightForm.FindStringSubmatch(strings.Join(strings.Fields(argument), ""))
	if parts == nil || parts[0] == "" {
		p.fail(start, "pattern-weight", fmt.Sprintf("invalid weight %q", argument),
			"write $weight<a>, <a+b>, <a-b>, <+b> or <-b> with decimal numbers")
		return nil
	}
	m := modifier{factor: 1}
	if parts[1] != "" {
		m.factor, _ = strconv.ParseFloat(parts[1], 64)
	}
	if parts[2] != "" {
		m.term, _ = strconv.ParseFloat(parts[2], 64)
	}
	return weightExpr{modifier: m}
}

// nlu reads @name.name::Alias. An "@" without a name is text.
func (p referenceReader) nlu() expression {
	start := p.at
	end := start + 1
	for end < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[end:])
		dot := r == '.' && end > start+1 && p.nameAt(end+1) != ""
		if !isNameRune(r) && r != '-' && !dot {
			break
		}
		end += size
	}
	if end == start+1 {
		return p.word()
	}
	p.at = end
	return nluExpr{pos: p.source.At(start), name: p.text[start+1 : end], alias: p.alias()}
}
