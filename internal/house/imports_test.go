package house

import (
	"slices"
	"strconv"
	"strings"
)

// directions says which of our packages a package may import. A package below
// a listed one follows its rule and may be imported by its relatives. A
// package that matches no line is a finding: it has to be given a place.
func directions() map[string][]string {
	onlyCore := []string{"internal/session"}
	return map[string][]string{
		"internal/session":             {},
		"internal/session/sessiontest": onlyCore,
		"internal/session/wire":        {},
		"internal/dialog":              {},
		"internal/socketio":            {},
		"internal/config":              {},
		"internal/house":               {},
		"internal/porttest":            {},
		"internal/pgtest":              {"internal/porttest"},
		"internal/sqlitetest":          {},
		"internal/auth":                onlyCore,
		"internal/egress":              {},
		"internal/signing":             {},
		"internal/action":              onlyCore,
		"internal/aihook":              {"internal/session", "internal/egress", "internal/signing", "internal/action"},
		"internal/httpbot":             {"internal/session", "internal/egress", "internal/signing", "internal/action"},
		"internal/webhook":             {"internal/session", "internal/egress", "internal/signing"},
		"internal/inbox":               {"internal/session", "internal/desk"},
		"internal/blob":                onlyCore,
		"internal/mailer":              {},
		"internal/moving":              onlyCore,
		"internal/transcript":          onlyCore,
		"internal/privacy":             {"internal/session", "internal/blob"},
		"internal/telemetry":           onlyCore,
		"internal/desk":                onlyCore,
		"internal/store":               {"internal/session", "internal/desk", "internal/inbox", "internal/account", "internal/blob", "internal/moving", "internal/cluster"},
		"internal/account":             {"internal/session", "internal/desk"},
		"internal/bus":                 onlyCore,
		"internal/cluster":             onlyCore,
		"internal/natstest":            {"internal/porttest"},
		"internal/script":              {"internal/session", "internal/session/wire", "internal/dialog", "internal/dialog/nlu", "internal/dialog/morph", "internal/egress", "internal/mailer"},
		"internal/chat":                {"internal/session", "internal/dialog", "internal/script"},
		"internal/lsp":                 {"internal/dialog", "internal/script"},
		"internal/face/intake":         onlyCore,
		"internal/face/rest":           {"internal/session", "internal/session/wire", "internal/auth", "internal/blob", "internal/privacy", "internal/transcript", "internal/face/intake"},
		"internal/face/desk":           {"internal/session", "internal/auth", "internal/desk", "internal/account", "internal/blob", "internal/privacy", "internal/inbox", "internal/transcript", "internal/mailer", "internal/face/intake"},
		"internal/face/live":           {"internal/session", "internal/auth", "internal/blob", "internal/socketio"},
		"internal/face/page":           {},
		"internal/face/widget":         {"internal/session", "internal/auth", "internal/face/page"},
		"internal/app":                 {"internal", "examples", "web"},
		"cmd/parley":                   {"internal/app", "internal/config"},
		"e2e":                          {"internal", "examples"},
		"examples":                     {},
		"web":                          {},
		"bench":                        {},
	}
}

// testDirections are added for test files: a face is tested on the real core,
// with a real store.
func testDirections() []string {
	return []string{"internal/session/sessiontest", "internal/inbox/inboxtest", "internal/desk/desktest", "internal/account/accounttest", "internal/blob/blobtest",
		"internal/store/sqlite", "internal/store/postgres", "internal/natstest", "internal/pgtest", "internal/sqlitetest"}
}

// standardOnly are packages that import nothing but the standard library.
func standardOnly() []string { return []string{"internal/session", "internal/house"} }

func importDirections(tr *tree) []finding {
	var all []finding
	for _, s := range tr.sources {
		home, allowed, known := ruleOf(s.dir)
		if !known {
			all = append(all, tr.found(s.file.Package, "package %s has no line in the table of import directions", s.dir))
			continue
		}
		if s.test {
			allowed = append(slices.Clone(allowed), testDirections()...)
		}
		for _, spec := range s.file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			ours, isOurs := strings.CutPrefix(name, module+"/")
			switch {
			case isOurs && !mayImport(s, home, ours, allowed):
				all = append(all, tr.found(spec.Pos(), "%s must not import %s", s.dir, ours))
			case !isOurs && strings.Contains(name, ".") && slices.Contains(standardOnly(), s.dir):
				all = append(all, tr.found(spec.Pos(), "%s uses only the standard library, not %s", s.dir, name))
			}
		}
	}
	return all
}

// ruleOf finds the line with the longest path that holds the directory.
func ruleOf(dir string) (home string, allowed []string, known bool) {
	for place, list := range directions() {
		if under(dir, place) && len(place) > len(home) {
			home, allowed, known = place, list, true
		}
	}
	return home, allowed, known
}

func mayImport(s *source, home, ours string, allowed []string) bool {
	suite := "internal/session/sessiontest"
	if under(ours, suite) && !s.test && !under(s.dir, suite) && !under(s.dir, "e2e") {
		return false // suites are for tests
	}
	if under(ours, home) {
		return under(s.dir, home)
	}
	return slices.ContainsFunc(allowed, func(place string) bool {
		return ours == place || place == "internal" && under(ours, place)
	})
}

func under(dir, place string) bool { return dir == place || strings.HasPrefix(dir, place+"/") }
