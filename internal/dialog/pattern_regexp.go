package dialog

import (
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textRegexp is a regular expression over the text of whole tokens.
type textRegexp interface {
	// ends adds to out the places where a match that begins at one of the starts
	// ends.
	ends(in *Input, starts, out positions)
}

// compileTextRegexp compiles a Java regular expression. What needs backtracking
// (lookaround, back references) gets the slower engine.
func compileTextRegexp(source string, ignoreCase bool) (textRegexp, error) {
	source = translateJava(source)
	flags := syntax.Perl
	if ignoreCase {
		flags |= syntax.FoldCase
	}
	parsed, err := syntax.Parse(source, flags)
	if err == nil {
		program, err := syntax.Compile(parsed.Simplify())
		if err == nil {
			return newLinearRegexp(program), nil
		}
	}
	return compileBacktracking(source, ignoreCase)
}

// regexpEnd finds the ">" that ends $regexp<...>: the first one outside of
// "(?<name>", "(?>", lookbehind, "\k<name>", escapes and character classes. It is
// -1 when there is none.
func regexpEnd(text string) int {
	for at := 0; at < len(text); {
		rest := text[at:]
		switch {
		case rest[0] == '>':
			return at
		case strings.HasPrefix(rest, `\k<`), strings.HasPrefix(rest, "(?<") && !lookbehind(rest):
			at += max(strings.IndexByte(rest, '>'), 2) + 1
		case strings.HasPrefix(rest, "(?>"):
			at += 3
		case rest[0] == '\\':
			_, size := utf8.DecodeRuneInString(rest[1:])
			at += 1 + size
		case rest[0] == '[':
			at += classLength(rest)
		default:
			at++
		}
	}
	return -1
}

func lookbehind(text string) bool {
	return strings.HasPrefix(text, "(?<=") || strings.HasPrefix(text, "(?<!")
}

// classLength is the length of the character class at the start of text, 1 when
// it does not end.
func classLength(text string) int {
	for at := 1; at < len(text); at++ {
		switch {
		case text[at] == '\\':
			at++
		case text[at] == ']' && at > 1 && text[:at] != "[^":
			return at + 1
		}
	}
	return 1
}

// linearRegexp runs in time linear in the text for a whole set of starts: all
// threads advance together, as in Thompson's construction.
type linearRegexp struct {
	program *syntax.Prog
	// boundaries is set when the expression looks for word boundaries.
	boundaries bool
}

func newLinearRegexp(program *syntax.Prog) *linearRegexp {
	e := &linearRegexp{program: program}
	for _, inst := range program.Inst {
		wanted := syntax.EmptyOp(inst.Arg) & (syntax.EmptyWordBoundary | syntax.EmptyNoWordBoundary)
		e.boundaries = e.boundaries || inst.Op == syntax.InstEmptyWidth && wanted != 0
	}
	return e
}

func (e *linearRegexp) ends(in *Input, starts, out positions) {
	r := &regexpRun{linearRegexp: e, seen: make([]uint32, len(e.program.Inst))}
	// token is the first token that begins at or behind at, ending the first one
	// that ends there.
	token, ending, at := 0, 0, 0
	previous := rune(-1)
	for {
		if len(r.waiting) == 0 {
			token = starts.next(token)
			if token < 0 || token >= len(in.tokens) {
				return
			}
			ending, at = token, in.tokens[token].Start
		}
		next, size := rune(-1), 0
		if at < len(in.text) {
			next, size = utf8.DecodeRuneInString(in.text[at:])
		}
		if ending < len(in.tokens) && in.tokens[ending].End == at {
			ending++
			if r.accepts(previous) {
				out.add(ending)
			}
		}
		if size == 0 {
			return
		}
		r.close(previous, next)
		if token < len(in.tokens) && in.tokens[token].Start == at {
			if starts.has(token) {
				r.begin(next)
			}
			token++
		}
		r.step(next)
		previous = next
		at += size
	}
}

// regexpRun is the set of threads of one run. waiting holds instructions that
// were entered but not followed, ready those that consume the next character.
type regexpRun struct {
	*linearRegexp
	waiting, ready []uint32
	seen           []uint32
	round          uint32
}

// accepts tells whether a thread is at the end of the expression when the text
// ends after the character previous.
func (r *regexpRun) accepts(previous rune) bool {
	r.round++
	r.ready = r.ready[:0]
	context := r.context(previous, -1)
	for _, pc := range r.waiting {
		if r.follow(pc, context) {
			return true
		}
	}
	return false
}

// close follows the waiting threads up to the instructions that consume.
func (r *regexpRun) close(previous, next rune) {
	r.round++
	r.ready = r.ready[:0]
	context := r.context(previous, next)
	for _, pc := range r.waiting {
		r.follow(pc, context)
	}
}

// begin adds a thread that sees nothing before it. Its round is its own: an
// assertion that fails for the others may hold for it.
func (r *regexpRun) begin(next rune) {
	r.round++
	r.follow(uint32(r.program.Start), r.context(-1, next))
}

// follow walks from pc over everything that consumes nothing; true means that
// the end of the expression was reached.
func (r *regexpRun) follow(pc uint32, context syntax.EmptyOp) bool {
	if r.seen[pc] == r.round {
		return false
	}
	r.seen[pc] = r.round
	inst := &r.program.Inst[pc]
	switch inst.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		first := r.follow(inst.Out, context)
		return r.follow(inst.Arg, context) || first
	case syntax.InstEmptyWidth:
		return syntax.EmptyOp(inst.Arg)&^context == 0 && r.follow(inst.Out, context)
	case syntax.InstCapture, syntax.InstNop:
		return r.follow(inst.Out, context)
	case syntax.InstMatch:
		return true
	case syntax.InstFail:
		return false
	}
	r.ready = append(r.ready, pc)
	return false
}

// step consumes one character.
func (r *regexpRun) step(next rune) {
	r.waiting = r.waiting[:0]
	for _, pc := range r.ready {
		if inst := &r.program.Inst[pc]; inst.MatchRune(next) {
			r.waiting = append(r.waiting, inst.Out)
		}
	}
}

// context tells which empty-width assertions hold between two characters, -1
// being the end of the text. Letters of all scripts are word characters, as in
// Java.
func (e *linearRegexp) context(previous, next rune) syntax.EmptyOp {
	var op syntax.EmptyOp
	if e.boundaries {
		op = syntax.EmptyNoWordBoundary
		if isWordRune(previous) != isWordRune(next) {
			op = syntax.EmptyWordBoundary
		}
	}
	if previous < 0 {
		op |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	}
	if next < 0 {
		op |= syntax.EmptyEndText | syntax.EmptyEndLine
	}
	if previous == '\n' {
		op |= syntax.EmptyBeginLine
	}
	if next == '\n' {
		op |= syntax.EmptyEndLine
	}
	return op
}

func isWordRune(r rune) bool {
	return r == '_' || r > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
