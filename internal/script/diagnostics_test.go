package script

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var codeText = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)

// reporters are the functions whose first string constant is a code.
var reporters = []string{"errorf", "warnf", "problem", "newDiagnostic", "failf"}

// sourceCodes are the codes of diagnostics in the sources of a directory.
func sourceCodes(t *testing.T, root string, codes map[string]string) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, code := range codesOf(n) {
				codes[code] = name
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func codesOf(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		if !slices.Contains(reporters, name) {
			return nil
		}
		for _, arg := range n.Args {
			if code := codeOf(arg); code != "" {
				return []string{code}
			}
		}
	case *ast.CompositeLit:
		if kind, ok := n.Type.(*ast.SelectorExpr); ok && kind.Sel.Name == "Diagnostic" {
			return codeFields(n)
		}
		if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "importProblem" {
			return codeFields(n)
		}
	}
	return nil
}

func codeFields(n *ast.CompositeLit) []string {
	for _, e := range n.Elts {
		if field, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := field.Key.(*ast.Ident); ok && strings.EqualFold(key.Name, "code") {
				if code := codeOf(field.Value); code != "" {
					return []string{code}
				}
			}
		}
	}
	return nil
}

func codeOf(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	if text, err := strconv.Unquote(literal.Value); err == nil && codeText.MatchString(text) {
		return text
	}
	return ""
}

// TestEveryDiagnosticIsDescribed compares docs/language/diagnostics.md with the
// codes in the sources.
func TestEveryDiagnosticIsDescribed(t *testing.T) {
	codes := map[string]string{}
	sourceCodes(t, "../dialog", codes)
	sourceCodes(t, ".", codes)
	if len(codes) < 60 {
		t.Fatalf("only %d codes were found: %v", len(codes), slices.Sorted(maps.Keys(codes)))
	}
	page, err := os.ReadFile("../../docs/language/diagnostics.md")
	if err != nil {
		t.Fatal(err)
	}
	for code, file := range codes {
		if !strings.Contains(string(page), "`"+code+"`") {
			t.Errorf("%s of %s is not in docs/language/diagnostics.md", code, file)
		}
	}
}

// TestDescribedDiagnosticsExist finds codes in the page that no source has.
func TestDescribedDiagnosticsExist(t *testing.T) {
	page, err := os.ReadFile("../../docs/language/diagnostics.md")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, root := range []string{"../dialog", "."} {
		err := filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
				text, readErr := os.ReadFile(name)
				all.Write(text)
				return readErr
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for row := range strings.SplitSeq(string(page), "\n") {
		cells := strings.Split(row, "|")
		if len(cells) < 3 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		for _, m := range regexp.MustCompile("`([a-z0-9-]+)`").FindAllStringSubmatch(cells[1], -1) {
			if !strings.Contains(all.String(), `"`+m[1]+`"`) {
				t.Errorf("no source has the code %s", m[1])
			}
		}
	}
}
