package house

import (
	"fmt"
	"go/ast"
	"go/token"
)

const (
	maxFunctionLines    = 70
	maxMethods          = 25 // of a type
	maxInterfaceMethods = 12
)

func functionSize(tr *tree) []finding {
	var all []finding
	for _, s := range tr.product() {
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := tr.fset.Position(f.End()).Line - tr.fset.Position(f.Pos()).Line + 1
			if lines > maxFunctionLines {
				all = append(all, tr.found(f.Pos(), "%s has %d lines, the limit is %d", f.Name.Name, lines, maxFunctionLines))
			}
		}
	}
	return all
}

func methodCount(tr *tree) []finding {
	counts, first := map[string]int{}, map[string]token.Pos{}
	for _, s := range tr.product() {
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			name := s.dir + "." + receiver(f)
			if counts[name]++; first[name] == token.NoPos {
				first[name] = f.Pos()
			}
		}
	}
	var all []finding
	for name, n := range counts {
		if n > maxMethods {
			all = append(all, tr.found(first[name], "%s has %d methods, the limit is %d", name, n, maxMethods))
		}
	}
	return all
}

// receiver returns the name of the type a method belongs to.
func receiver(f *ast.FuncDecl) string {
	t := f.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return fmt.Sprintf("%T", t)
		}
	}
}

func interfaceSize(tr *tree) []finding {
	var all []finding
	for _, s := range tr.sources {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if i, ok := n.(*ast.InterfaceType); ok && i.Methods.NumFields() > maxInterfaceMethods {
				all = append(all, tr.found(i.Pos(), "the interface has %d methods, the limit is %d", i.Methods.NumFields(), maxInterfaceMethods))
			}
			return true
		})
	}
	return all
}
