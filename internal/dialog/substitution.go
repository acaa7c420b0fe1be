package dialog

import (
	"fmt"
	"strings"
)

// substitution fills {{$injector.x}} in, for one file; nothing else is known at
// load.
type substitution struct {
	*report
	injector map[string]any
}

// params gives the parameters of a require, filled in.
func (s substitution) params(g given) map[string]string {
	values := map[string]string{}
	for name, p := range g.params {
		if name == "injector" || name == "provide" {
			continue
		}
		values[name], _ = s.text(p.value)
	}
	return values
}

// text gives a value, filled in; ok is false after a reported error.
func (s substitution) text(value Source) (text string, ok bool) {
	if !strings.Contains(value.Text, "{{") {
		return value.Text, true
	}
	ok = true
	var out strings.Builder
	for _, part := range interpolate(value, s.report).Parts {
		if part.Expr == nil {
			out.WriteString(part.Literal)
			continue
		}
		found, known := s.lookup(part.Expr.Text)
		if ok = ok && known; !known {
			s.errorf(part.Expr.Pos(), "bad-substitution", "{{%s}} has no value here: only $injector and its members are known at load", part.Expr.Text)
		}
		out.WriteString(found)
	}
	return out.String(), ok
}

// lookup gives the value of "$injector.a.b".
func (s substitution) lookup(expression string) (string, bool) {
	names := strings.Split(expression, ".")
	if names[0] != "$injector" {
		return "", false
	}
	var value any = s.injector
	for _, name := range names[1:] {
		object, ok := value.(map[string]any)
		if !ok {
			return "", false
		}
		value = object[name]
	}
	switch value.(type) {
	case string, float64, bool:
		return fmt.Sprint(value), true
	}
	return "", false
}
