package postgres

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// forbidden is what distributed engines that speak PostgreSQL's protocol refuse or do
// in another way. Who outgrows one PostgreSQL moves to one of those.
func forbidden() map[string]string {
	return map[string]string{
		"advisory locks":                `pg_(try_)?advisory`,
		"LISTEN and NOTIFY":             `\b(un)?listen\b|\bnotify\b`,
		"locks of tables":               `\block\s+table\b|^\s*lock\b`,
		"serial and identity columns":   `serial\b|\bidentity\b|\bnextval\b|\bcreate\s+sequence\b`,
		"temporary and unlogged tables": `\btemp(orary)?\b|\bunlogged\b`,
		"triggers and rules":            `\btrigger\b|\brule\b`,
		"functions and procedures":      `\bfunction\b|\bprocedure\b|\bcall\b|\bdo\s+\$`,
		"deferrable constraints":        `\bdeferr`,
		"foreign keys":                  `\breferences\b|\bforeign\s+key\b`,
		"system columns and catalogues": `\b(ctid|xmin|xmax|oid|pg_[a-z_]+)\b`,
		"cursors":                       `\bdeclare\b|\bcursor\b`,
		"prepared transactions":         `\bprepare\s+transaction\b`,
		"extensions":                    `\bextension\b`,
		"jsonb, which reorders":         `\bjsonb?\b`,
		"columns nobody counted":        `\bselect\s+\*\s+from\s+(only\s+)?[a-z_]+\s+(where|order|limit|;)`,
	}
}

// unordered reports a lock of rows in no order: two transactions that take the same
// rows in different orders wait for each other until one is killed.
func unordered(statement string) bool {
	lower := strings.ToLower(statement)
	before, _, ok := strings.Cut(lower, "for update")
	return ok && !strings.Contains(before, "order by")
}

func violations(text string) []string {
	var found []string
	text = regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(text, "")
	for what, pattern := range forbidden() {
		if m := regexp.MustCompile(`(?im)` + pattern).FindString(text); m != "" {
			found = append(found, what+": "+m)
		}
	}
	for statement := range strings.SplitSeq(text, ";") {
		if unordered(statement) {
			found = append(found, "FOR UPDATE without ORDER BY: "+strings.TrimSpace(statement))
		}
	}
	return found
}

func TestLists_HoldNothingForbidden(t *testing.T) {
	for _, pattern := range []string{"queries/*.sql", "migrations/*.sql"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no files %s (%v)", pattern, err)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range violations(string(raw)) {
				t.Errorf("%s: %s", path, v)
			}
		}
	}
}

func TestViolations_SeesEach(t *testing.T) {
	for _, bad := range []string{
		"SELECT pg_advisory_lock(1);", "LISTEN x;", "LOCK TABLE clients;", "CREATE TABLE t (id bigserial);", "CREATE TEMP TABLE t (n bigint);",
		"CREATE TRIGGER x;", "CREATE FUNCTION f();", "UNIQUE (a) DEFERRABLE", "client uuid REFERENCES clients (id)", "SELECT xmin FROM t;",
		"DECLARE c CURSOR FOR x;", "PREPARE TRANSACTION 'x';", "CREATE EXTENSION x;", "doc jsonb", "SELECT * FROM clients WHERE id = $1;",
		"SELECT id FROM clients FOR UPDATE;", "id bigint GENERATED ALWAYS AS IDENTITY",
	} {
		if len(violations(bad)) == 0 {
			t.Errorf("not seen: %s", bad)
		}
	}
	for _, good := range []string{
		"SELECT id FROM clients ORDER BY id FOR UPDATE;", "-- no trigger\nSELECT id FROM t;", "SELECT * FROM unnest($1::uuid[]);",
		"sequence bigint NOT NULL,", "trace text NOT NULL DEFAULT ''", "SELECT lower(name) FROM t WHERE id = $1;",
	} {
		if found := violations(good); len(found) > 0 {
			t.Errorf("%s is refused: %v", good, found)
		}
	}
}

// sources are the product files of the package.
func sources(t *testing.T) (*token.FileSet, []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return set, files
}

func literals(files []*ast.File, visit func(pos token.Pos, text string)) {
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					visit(lit.Pos(), text)
				}
			}
			return true
		})
	}
}

// TestLists_AreUsed: the names in the code and in the lists are the same.
func TestLists_AreUsed(t *testing.T) {
	set, files := sources(t)
	named := map[string]bool{}
	literals(files, func(_ token.Pos, text string) { named[text] = true })
	for name := range queries() {
		if !named[name] && !strings.HasPrefix(name, "Moving ") { // those have a test of their own
			t.Errorf("query %s is used by nobody", name)
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if name := queryNamed(n); name != "" {
				if _, known := queries()[name]; !known {
					t.Errorf("%s: there is no query %s", set.Position(n.Pos()), name)
				}
			}
			return true
		})
	}
}

// queryNamed returns the query that a node of code asks for by a literal name: the
// field name of a step, or the first literal argument of a function that runs one.
func queryNamed(n ast.Node) string {
	var lit ast.Expr
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "name" {
			lit = n.Value
		}
	case *ast.CallExpr:
		switch name := called(n.Fun); {
		case (name == "exec" || name == "each" || name == "ask") && len(n.Args) > 0:
			lit = n.Args[0]
		case (name == "one" || name == "all" || name == "read" || name == "readAll") && len(n.Args) > 1:
			lit = n.Args[1]
		}
	}
	basic, ok := lit.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(basic.Value)
	return text
}

func called(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.IndexExpr:
		return called(f.X)
	}
	return ""
}

// TestCode_HoldsNoSQL: what is not in the lists is not seen by the test above.
func TestCode_HoldsNoSQL(t *testing.T) {
	set, files := sources(t)
	statement := regexp.MustCompile(`\b(SELECT|INSERT INTO|DELETE FROM|CREATE (TABLE|INDEX)|WHERE|ORDER BY)\s|\bUPDATE \w+ SET\b|\bSET (LOCAL )?\w+ =`)
	literals(files, func(pos token.Pos, text string) {
		if statement.MatchString(text) {
			t.Errorf("%s: SQL stands in queries/*.sql: %.60q", set.Position(pos), text)
		}
	})
}

func TestReadQueries_RefusesDoubles(t *testing.T) {
	file := func(text string) fstest.MapFS { return fstest.MapFS{"queries/a.sql": {Data: []byte(text)}} }
	if all, err := readQueries(file("-- about\n\n-- name: A\n-- why\nSELECT 1;\n\n-- name: B\nSELECT\n2;\n")); err != nil || all["A"] != "SELECT 1" || all["B"] != "SELECT\n2" {
		t.Errorf("read %q, %v", all, err)
	}
	for _, bad := range []string{"-- name: A\nSELECT 1;\n-- name: A\nSELECT 2;", "-- name: A\n\n-- name: B\nSELECT 1;"} {
		if _, err := readQueries(file(bad)); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}
