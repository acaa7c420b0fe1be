package house

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

// workplaces are strings that name a machine a file was written on. They are
// put together here so that this file does not hold them.
func workplaces() []string {
	slash := "/"
	return []string{slash + "work" + slash, slash + "root" + slash, slash + "farm" + slash, "farm" + "-"}
}

func workplacePaths(tr *tree) []finding {
	var all []finding
	for _, text := range tr.texts {
		for i, line := range strings.Split(string(text.content), "\n") {
			for _, word := range workplaces() {
				if strings.Contains(line, word) {
					all = append(all, finding{fmt.Sprintf("%s:%d", text.path, i+1), "names a path or tool of one workplace: " + word})
				}
			}
		}
	}
	return all
}

// drawers are names under which things are put that have nothing in common.
func drawers() []string {
	return []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base"}
}

func vagueNames(tr *tree) []finding {
	var all []finding
	for _, s := range tr.sources {
		name := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		if slices.Contains(drawers(), name) || slices.Contains(drawers(), path.Base(s.dir)) {
			all = append(all, tr.found(s.file.Package, "the name says nothing about what is inside"))
		}
	}
	return all
}

// unfinished finds marks of work left for later, in comments.
func unfinished(tr *tree) []finding {
	mark := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|HA` + `CK)\b`)
	var all []finding
	for _, s := range tr.sources {
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				if word := mark.FindString(c.Text); word != "" {
					all = append(all, tr.found(c.Pos(), "%s: finish it or cut it", word))
				}
			}
		}
	}
	return all
}

func initFunctions(tr *tree) []finding {
	var all []finding
	for _, s := range tr.sources {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				all = append(all, tr.found(f.Pos(), "wiring happens in one visible function, not in init"))
			}
		}
	}
	return all
}

// sleepingTests: a test that waits for real time is slow or flaky, mostly
// both. testing/synctest moves a clock; a channel says when something happened.
func sleepingTests(tr *tree) []finding {
	return tr.calls(tr.tests(), func(from, name string) string {
		if from == "time" && name == "Sleep" {
			return "a test must not sleep"
		}
		return ""
	})
}

func skippingTests(tr *tree) []finding {
	return tr.calls(tr.tests(), func(from, name string) string {
		if slices.Contains([]string{"t", "b", "f", "tb"}, from) && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, name) {
			return "a test must not skip itself"
		}
		return ""
	})
}

// buriedClocks: rules take the time as an argument, so that a test can move it.
func buriedClocks(tr *tree) []finding {
	ruled := []string{"internal/session", "internal/dialog", "internal/auth", "internal/webhook"}
	sources := slices.DeleteFunc(tr.product(), func(s *source) bool { return !slices.Contains(ruled, s.dir) })
	return tr.calls(sources, func(from, name string) string {
		if from == "time" && slices.Contains([]string{"Now", "Since", "Until"}, name) {
			return "take the time from the clock that was passed in"
		}
		return ""
	})
}

// calls asks about every call of a selector from.name.
func (tr *tree) calls(sources []*source, fault func(from, name string) string) []finding {
	var all []finding
	for _, s := range sources {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); ok {
				if from, ok := f.X.(*ast.Ident); ok {
					if what := fault(from.Name, f.Sel.Name); what != "" {
						all = append(all, tr.found(call.Pos(), "%s", what))
					}
				}
			}
			return true
		})
	}
	return all
}

// replacedModules: what is built must be what the versions say.
func replacedModules(tr *tree) []finding {
	var all []finding
	for _, text := range tr.texts {
		if path.Base(text.path) != "go.mod" {
			continue
		}
		for i, line := range strings.Split(string(text.content), "\n") {
			if fields := strings.Fields(line); len(fields) > 0 && fields[0] == "replace" {
				all = append(all, finding{fmt.Sprintf("%s:%d", text.path, i+1), "no module is replaced"})
			}
		}
	}
	return all
}
