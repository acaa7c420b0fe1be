package script

import (
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

	"parley/internal/dialog"
)

// sharedWrite is a place where code of a turn changes an object behind a name
// that it does not declare.
type sharedWrite struct {
	name string
	at   dialog.Pos
}

// globalsOf are the names that start-up code declares.
func globalsOf(tree *ast.Program) []string {
	var names []string
	for _, d := range tree.DeclarationList {
		names = append(names, bindingNames(d.List)...)
	}
	for _, statement := range tree.Body {
		switch s := statement.(type) {
		case *ast.LexicalDeclaration:
			names = append(names, bindingNames(s.List)...)
		case *ast.FunctionDeclaration:
			names = append(names, s.Function.Name.Name.String())
		case *ast.ClassDeclaration:
			names = append(names, s.Class.Name.Name.String())
		}
	}
	return names
}

func bindingNames(list []*ast.Binding) []string {
	var names []string
	for _, b := range list {
		if id, ok := b.Target.(*ast.Identifier); ok {
			names = append(names, id.Name.String())
		}
	}
	return names
}

// sharedWrites looks into the functions of a piece of code: of a script the
// wrapper, of start-up code what turns may call.
func (c *code) sharedWrites(tree *ast.Program) []sharedWrite {
	var list []sharedWrite
	visit(reflect.ValueOf(tree.Body), func(node any) bool {
		switch node.(type) {
		case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
			list = append(list, c.writesIn(tree, node)...)
			return false
		}
		return true
	})
	return list
}

func (c *code) writesIn(tree *ast.Program, function any) []sharedWrite {
	own := map[string]bool{}
	var found []*ast.Identifier
	visit(reflect.ValueOf(function), func(node any) bool {
		switch n := node.(type) {
		case *ast.Binding:
			for _, name := range bindingNames([]*ast.Binding{n}) {
				own[name] = true
			}
		case *ast.CatchStatement:
			if id, ok := n.Parameter.(*ast.Identifier); ok {
				own[id.Name.String()] = true
			}
		}
		if id := changedRoot(node); id != nil {
			found = append(found, id)
		}
		return true
	})
	var list []sharedWrite
	for _, id := range found {
		if own[id.Name.String()] {
			continue
		}
		p := tree.File.Position(int(id.Idx) - tree.File.Base())
		list = append(list, sharedWrite{name: id.Name.String(), at: c.position(p.Line, p.Column)})
	}
	return list
}

// changedRoot is the variable whose object a node changes, nil for none.
func changedRoot(node any) *ast.Identifier {
	switch n := node.(type) {
	case *ast.AssignExpression:
		return rootOf(n.Left, false)
	case *ast.UnaryExpression:
		if n.Operator == token.INCREMENT || n.Operator == token.DECREMENT || n.Operator == token.DELETE {
			return rootOf(n.Operand, false)
		}
	case *ast.CallExpression:
		if dot, ok := n.Callee.(*ast.DotExpression); ok && changingMethods[dot.Identifier.Name.String()] {
			return rootOf(dot.Left, true)
		}
	}
	return nil
}

var changingMethods = map[string]bool{
	"push": true, "pop": true, "shift": true, "unshift": true, "splice": true, "sort": true, "reverse": true,
}

// rootOf is the variable at the left end of a.b[c]; alone tells whether a plain
// variable counts.
func rootOf(e ast.Expression, alone bool) *ast.Identifier {
	for {
		switch n := e.(type) {
		case *ast.DotExpression:
			e, alone = n.Left, true
		case *ast.BracketExpression:
			e, alone = n.Left, true
		case *ast.Identifier:
			if alone {
				return n
			}
			return nil
		default:
			return nil
		}
	}
}

// warnShared reports what turns write to objects that all clients share.
func (c *compiler) warnShared(units []*code) {
	shared := map[string]bool{}
	for _, v := range c.bot.project.Variables {
		shared[v.Name] = true
	}
	for _, u := range units {
		for _, name := range u.globals {
			shared[name] = true
		}
	}
	for _, u := range units {
		for _, w := range u.writes {
			if shared[w.name] {
				c.found = append(c.found, dialog.Diagnostic{
					File: w.at.File, Line: w.at.Line, Column: w.at.Column, Code: "shared-object", Severity: dialog.Warning,
					Message: w.name + " is made when the bot is loaded; what a turn writes to it is shared by all clients of a script engine",
					Hint:    "keep it in $session or $client, or change a copy",
				})
			}
		}
	}
}
