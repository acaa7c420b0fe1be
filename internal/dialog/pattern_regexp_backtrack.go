package dialog

import (
	"time"

	"github.com/dlclark/regexp2/v2"
)

// backtrackTimeout is how long one attempt may take. An expression that exceeds it
// twice in a row finds nothing more in that request: once may be a busy machine.
const backtrackTimeout = 50 * time.Millisecond

// backtrackRegexp is tried on every stretch of tokens.
type backtrackRegexp struct{ expression *regexp2.Regexp }

func compileBacktracking(source string, ignoreCase bool) (textRegexp, error) {
	options := regexp2.RE2
	if ignoreCase {
		options |= regexp2.IgnoreCase
	}
	expression, err := regexp2.Compile(`\A(?:`+source+`)\z`, options)
	if err != nil {
		return nil, err
	}
	expression.MatchTimeout = backtrackTimeout
	return &backtrackRegexp{expression: expression}, nil
}

func (e *backtrackRegexp) ends(in *Input, starts, out positions) {
	for start := starts.first(); start >= 0 && start < len(in.tokens); start = starts.next(start + 1) {
		out.union(in.backtrack(e, start))
	}
}

// tryFrom gives the ends of the matches that begin at the token start.
func (e *backtrackRegexp) tryFrom(in *Input, start int, out positions) {
	for end := start; end < len(in.tokens) && !in.slow[e]; end++ {
		text := in.text[in.tokens[start].Start:in.tokens[end].End]
		ok, err := e.expression.MatchString(text)
		if err != nil {
			ok, err = e.expression.MatchString(text)
		}
		if err != nil {
			in.markSlow(e)
		}
		if ok {
			out.add(end + 1)
		}
	}
}
