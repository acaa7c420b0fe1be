package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

func packageComments(tr *tree) []finding {
	var all []finding
	for dir, sources := range byDir(tr.sources) {
		documented := slices.ContainsFunc(sources, func(s *source) bool {
			words := strings.Fields(s.file.Doc.Text())
			return len(words) > 2 && (words[0] == "Package" || words[0] == "Command")
		})
		if !documented {
			all = append(all, tr.found(sources[0].file.Package, "package %s has no comment that says what it is for", dir))
		}
	}
	return all
}

// documented are the packages whose every exported identifier has a comment.
func documented() []string {
	return []string{"internal/session", "internal/socketio", "internal/auth", "internal/config", "internal/webhook"}
}

func exportedComments(tr *tree) []finding {
	var all []finding
	for _, s := range tr.product() {
		if !slices.Contains(documented(), s.dir) {
			continue
		}
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				all = append(all, tr.undocumentedFunc(d)...)
			case *ast.GenDecl:
				all = append(all, tr.undocumentedSpecs(d)...)
			}
		}
	}
	return all
}

func (tr *tree) undocumentedFunc(f *ast.FuncDecl) []finding {
	wellKnown := []string{"Error", "String", "Unwrap", "Len", "Less", "Swap"}
	if f.Doc != nil || !f.Name.IsExported() {
		return nil
	}
	if f.Recv != nil && (!ast.IsExported(receiver(f)) || slices.Contains(wellKnown, f.Name.Name)) {
		return nil
	}
	return []finding{tr.found(f.Pos(), "exported %s has no comment", f.Name.Name)}
}

// undocumentedSpecs accepts a comment on the group, on the line or behind it,
// and constants of a type of ours, whose comment says what they are.
func (tr *tree) undocumentedSpecs(d *ast.GenDecl) []finding {
	if d.Doc != nil || d.Tok == token.IMPORT {
		return nil
	}
	var all []finding
	typed := false
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && spec.Doc == nil && spec.Comment == nil {
				all = append(all, tr.found(spec.Pos(), "exported %s has no comment", spec.Name.Name))
			}
		case *ast.ValueSpec:
			if name, ok := spec.Type.(*ast.Ident); ok {
				typed = d.Tok == token.CONST && name.IsExported()
			}
			if spec.Names[0].IsExported() && spec.Doc == nil && spec.Comment == nil && !typed {
				all = append(all, tr.found(spec.Pos(), "exported %s has no comment", spec.Names[0].Name))
			}
		}
	}
	return all
}
