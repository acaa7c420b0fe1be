package house

import (
	"strings"
	"testing"
)

// rule is one house rule with specimens that show that it sees.
type rule struct {
	name      string
	find      func(*tree) []finding
	specimens []specimen
}

// specimen is a small tree with exactly one violation, and one that is close
// to it and allowed. Keys are paths, values are contents.
type specimen struct {
	what      string
	bad, good map[string]string
}

func TestHouse(t *testing.T) {
	tr := readTree(t)
	if len(tr.sources) < 10 {
		t.Fatalf("found only %d Go files: is the root of the repository where it is looked for?", len(tr.sources))
	}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			for _, f := range r.find(tr) {
				t.Error(f)
			}
		})
	}
}

func TestRules_SeeViolations(t *testing.T) {
	for _, r := range rules() {
		for _, s := range r.specimens {
			t.Run(r.name+"/"+s.what, func(t *testing.T) {
				if found := r.find(plant(t, s.bad)); len(found) != 1 {
					t.Errorf("one violation was planted, found %v", found)
				}
				for _, f := range r.find(plant(t, s.good)) {
					t.Errorf("not a violation: %s", f)
				}
			})
		}
	}
}

func one(name, content string) map[string]string { return map[string]string{name: content} }

func lines(n int) string { return strings.Repeat("\n", n) }

func methods(n int) string {
	var b strings.Builder
	b.WriteString("package p\ntype T[V any] struct{}\n")
	for i := range n {
		b.WriteString("func (t *T[V]) M" + string(rune('a'+i)) + "() {}\n")
	}
	return b.String()
}

func iface(n int) string {
	var b strings.Builder
	b.WriteString("package p\ntype I interface {\n")
	for i := range n {
		b.WriteString("M" + string(rune('a'+i)) + "()\n")
	}
	return b.String() + "}\n"
}

func rules() []rule {
	core := "internal/session/x.go"
	return []rule{
		{"import directions", importDirections, importSpecimens()},
		{"package comments", packageComments, []specimen{{"without",
			map[string]string{"a/x.go": "package a", "a/y.go": "// x.\npackage a"},
			map[string]string{"a/x.go": "package a", "a/y.go": "// Package a does.\npackage a", "b/x.go": "// Command b runs.\npackage main"}}}},
		{"exported identifiers are documented", exportedComments, []specimen{{"method",
			one(core, "package session\n// T is.\ntype T int\nfunc (t T) Do() {}\nfunc (t T) String() string { return \"\" }"),
			one(core, "package session\n// K is.\ntype K int\nconst (\n\tA K = iota\n\tB\n)\nconst C = 1 // one\nfunc hidden() {}")}}},
		{"length of functions", functionSize, []specimen{{"71 lines",
			one("a/x.go", "package a\nfunc f() {"+lines(70)+"}"),
			map[string]string{"a/x.go": "package a\nfunc f() {" + lines(69) + "}", "a/x_test.go": "package a\nfunc f() {" + lines(90) + "}"}}}},
		{"methods of a type", methodCount, []specimen{{"26", one("a/x.go", methods(26)), one("a/x.go", methods(25))}}},
		{"methods of an interface", interfaceSize, []specimen{{"13", one("a/x.go", iface(13)), one("a/x.go", iface(12))}}},
		{"package variables", packageVariables, []specimen{
			{"state", one("a/x.go", "package a\nvar n int"),
				one("a/x.go", "package a\nimport \"errors\"\nvar errX = errors.New(\"x\")\nvar _ I = (*T)(nil)\n//go:embed x\nvar x []byte\nfunc f() { n := 1; n++ }")},
			{"a table that is written to",
				map[string]string{"a/x.go": "package a\nvar table = map[string]int{}", "a/y.go": "package a\nfunc f() { table[\"a\"] = 1 }"},
				map[string]string{"a/x.go": "package a\nvar table = map[string]int{}", "a/y.go": "package a\nfunc f() { table := map[string]int{}; table[\"a\"] = 1 }"}}}},
		{"no workplace paths", workplacePaths, []specimen{{"in a page",
			one("docs/x.md", "see "+workplaces()[0]+"here"), one("docs/x.md", "see work/ and the roots")}}},
		{"no vague names", vagueNames, []specimen{{"file", one("a/utils.go", "package a"), one("a/utility.go", "package a")}}},
		{"nothing unfinished", unfinished, []specimen{{"mark", one("a/x.go", "package a // TO"+"DO: more"), one("a/x.go", "package a // todos are rows")}}},
		{"no init functions", initFunctions, []specimen{{"init", one("a/x.go", "package a\nfunc init() {}"), one("a/x.go", "package a\ntype T int\nfunc (T) init() {}")}}},
		{"tests do not sleep", sleepingTests, []specimen{{"sleep",
			one("a/x_test.go", "package a\nfunc f() { time.Sleep(1) }"), one("a/x.go", "package a\nfunc f() { time.Sleep(1) }")}}},
		{"tests do not skip", skippingTests, []specimen{{"skip",
			one("a/x_test.go", "package a\nfunc f() { t.Skip() }"), one("a/x_test.go", "package a\nfunc f() { lexer.Skip() }")}}},
		{"no buried clocks", buriedClocks, []specimen{{"now",
			one(core, "package session\nfunc f() { time.Now() }"), one("internal/app/x.go", "package app\nfunc f() { time.Now() }")}}},
		{"no replaced modules", replacedModules, []specimen{{"replace",
			one("go.mod", "module m\nreplace a => b\n"), one("go.mod", "module m\nrequire replace/x v1.0.0\n")}}},
	}
}

func importSpecimens() []specimen {
	core := "internal/session/x.go"
	return []specimen{
		{"the core imports nothing of ours",
			one(core, `package session; import "parley/internal/dialog"`),
			one(core, `package session; import "strings"`)},
		{"the core imports only the standard library",
			one(core, `package session; import "github.com/google/uuid"`),
			one("internal/dialog/x.go", `package dialog; import "github.com/google/uuid"`)},
		{"no face knows a face",
			one("internal/face/rest/x.go", `package rest; import "parley/internal/face/live"`),
			one("internal/face/rest/x.go", `package rest; import ("parley/internal/session"; "parley/internal/auth")`)},
		{"no adapter knows an adapter",
			one("internal/store/sqlite/x.go", `package sqlite; import "parley/internal/bus/local"`),
			one("internal/store/sqlite/x.go", `package sqlite; import ("parley/internal/session"; "parley/internal/store/sqlite/schema")`)},
		{"suites are for tests",
			one("internal/app/x.go", `package app; import "parley/internal/session/sessiontest"`),
			one("internal/app/x_test.go", `package app; import "parley/internal/session/sessiontest"`)},
		{"the command knows only the wiring",
			one("cmd/parley/x.go", `package main; import "parley/internal/session"`),
			one("cmd/parley/x.go", `package main; import ("parley/internal/app"; "parley/internal/config")`)},
		{"every package has a place",
			one("internal/novel/x.go", `package novel`),
			one("internal/script/moment/x.go", `package moment; import "parley/internal/session"`)},
	}
}
