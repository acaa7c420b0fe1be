package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// allowedVariables are package variables that the rule would refuse, each with
// the reason why it stands.
func allowedVariables() map[string]string {
	return map[string]string{
		"internal/session/guard_faults.go":        "switches of the build with tag faults, read from the environment once; constants in the product",
		"internal/store/postgres/guard_faults.go": "the same switch of the store",
	}
}

// packageVariables refuses state that hides behind a package. What is left is
// written once: errors, compiled patterns, embedded files, values made when first asked for, interface guards,
// and lookup tables that no line of the package writes to.
func packageVariables(tr *tree) []finding {
	var all []finding
	for _, sources := range byDir(tr.product()) {
		written := writtenNames(sources)
		for _, s := range sources {
			if _, allowed := allowedVariables()[s.path]; allowed {
				continue
			}
			for _, decl := range s.file.Decls {
				if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
					all = append(all, tr.mutable(d, written)...)
				}
			}
		}
	}
	return all
}

func (tr *tree) mutable(d *ast.GenDecl, written map[string]bool) []finding {
	var all []finding
	for _, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		for i, name := range v.Names {
			switch {
			case name.Name == "_" || embedded(d.Doc) || embedded(v.Doc):
			case written[name.Name]:
				all = append(all, tr.found(name.Pos(), "the package variable %s is written to", name.Name))
			case i >= len(v.Values) || !immutable(v.Values[i]):
				all = append(all, tr.found(name.Pos(), "the package variable %s is neither an error, a pattern nor a lookup table", name.Name))
			}
		}
	}
	return all
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// immutable reports whether a value is made once and meant to be read: an
// error, a compiled pattern or template, or a literal.
func immutable(value ast.Expr) bool {
	switch v := value.(type) {
	case *ast.CompositeLit, *ast.BasicLit:
		return true
	case *ast.UnaryExpr: // &Error{...}
		_, literal := v.X.(*ast.CompositeLit)
		return v.Op == token.AND && literal
	case *ast.CallExpr:
		f, ok := v.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		from, _ := f.X.(*ast.Ident)
		return from != nil && slices.Contains(makers(), from.Name+"."+f.Sel.Name)
	}
	return false
}

func makers() []string {
	return []string{
		"errors.New", "fmt.Errorf", "regexp.MustCompile", "regexp2.MustCompile", "strings.NewReplacer",
		"sync.OnceValue", "sync.OnceValues", "template.Must", "big.NewInt", "netip.MustParsePrefix", "netip.MustParseAddr", "language.NewMatcher",
	}
}

// writtenNames collects the package-level names that a function of the package
// assigns to, by itself or through an index, a field or a pointer.
func writtenNames(sources []*source) map[string]bool {
	written := map[string]bool{}
	for _, s := range sources {
		note := func(target ast.Expr) {
			if name := root(target); name != nil && s.packageLevel(name) {
				written[name.Name] = true
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, target := range n.Lhs {
					note(target)
				}
			case *ast.IncDecStmt:
				note(n.X)
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
					note(n.Args[0])
				}
			}
			return true
		})
	}
	return written
}

func root(target ast.Expr) *ast.Ident {
	for {
		switch x := target.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			target = x.X
		case *ast.SelectorExpr:
			target = x.X
		case *ast.StarExpr:
			target = x.X
		case *ast.ParenExpr:
			target = x.X
		default:
			return nil
		}
	}
}

// packageLevel reports whether a name means something outside of the function
// it stands in. The parser resolves what is declared in the same file.
func (s *source) packageLevel(name *ast.Ident) bool {
	return name.Obj == nil || s.file.Scope.Lookup(name.Name) == name.Obj
}
