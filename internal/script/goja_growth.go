package script

import (
	"reflect"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// The operators of the language allocate without asking anybody: a + b of two
// long texts, a template of many, {...text}. Where the code of a bot could make
// them large, the value passes through a function of the host.
const (
	grownName = " grown" // of a text that was made: no identifier of a script
	addedName = " added" // of what is added to a text
	takenName = " taken" // of a text that will be taken apart
)

// bindGrowth makes the functions that guarded code calls.
func (c *capper) bindGrowth() {
	for name, check := range map[string]func(goja.Value){
		grownName: func(v goja.Value) {
			if textLength(v) > maxNativeString {
				c.refuse("the text would be too long")
			}
		},
		addedName: func(v goja.Value) {
			if textLength(v) > maxNativeString/4 {
				c.refuse("the text would be too long")
			}
		},
		takenName: c.checkText,
	} {
		f := c.rt.ToValue(func(call goja.FunctionCall) goja.Value {
			v := call.Argument(0)
			check(v)
			return v
		})
		_ = c.base.DefineDataProperty(name, f, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	}
}

// guardGrowth puts the functions around the places of a tree that need them.
func guardGrowth(tree *ast.Program) {
	growth{}.guard(reflect.ValueOf(tree.Body))
}

// growth holds the nodes that were seen: a declaration stands in a tree twice.
type growth map[any]bool

// guard walks a tree from its leaves and replaces expressions where they stand.
func (g growth) guard(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		g.guard(v.Elem())
		if e, ok := reflect.TypeAssert[ast.Expression](v); ok && v.CanSet() {
			if now := checked(e); now != e {
				g[now] = true
				v.Set(reflect.ValueOf(now))
			}
		}
	case reflect.Pointer:
		if v.IsNil() || !v.CanInterface() || g[v.Interface()] {
			return
		}
		g[v.Interface()] = true
		if _, isFile := reflect.TypeAssert[*file.File](v); isFile {
			return
		}
		g.guard(v.Elem())
		if loop, ok := reflect.TypeAssert[*ast.ForInStatement](v); ok {
			loop.Source = called(takenName, loop.Source)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			g.guard(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			g.guard(v.Index(i))
		}
	}
}

func checked(e ast.Expression) ast.Expression {
	switch n := e.(type) {
	case *ast.BinaryExpression:
		if n.Operator == token.PLUS && mayBeText(n.Left) && mayBeText(n.Right) {
			return called(grownName, n)
		}
	case *ast.AssignExpression:
		if n.Operator == token.PLUS && mayBeText(n.Right) {
			return assigned(n)
		}
	case *ast.TemplateLiteral:
		if n.Tag == nil && len(n.Expressions) > 1 {
			return grownTemplate(n)
		}
	case *ast.ObjectLiteral:
		for _, p := range n.Value {
			if spread, ok := p.(*ast.SpreadElement); ok {
				spread.Expression = called(takenName, spread.Expression)
			}
		}
	}
	return e
}

// assigned is a += b with its check before the assignment: in full for a
// variable; what is added to a member alone is bounded.
func assigned(n *ast.AssignExpression) ast.Expression {
	if id, ok := n.Left.(*ast.Identifier); ok {
		sum := &ast.BinaryExpression{Operator: token.PLUS, Left: id, Right: n.Right}
		return &ast.AssignExpression{Operator: token.ASSIGN, Left: id, Right: called(grownName, sum)}
	}
	return &ast.AssignExpression{Operator: n.Operator, Left: n.Left, Right: called(addedName, n.Right)}
}

// mayBeText tells whether a value may be a text that is not written out in the
// code.
func mayBeText(e ast.Expression) bool {
	switch n := e.(type) {
	case *ast.StringLiteral, *ast.NumberLiteral, *ast.BooleanLiteral, *ast.NullLiteral:
		return false
	case *ast.UnaryExpression:
		return false
	case *ast.BinaryExpression:
		return n.Operator == token.PLUS && (mayBeText(n.Left) || mayBeText(n.Right)) || n.Operator == token.LOGICAL_AND ||
			n.Operator == token.LOGICAL_OR || n.Operator == token.COALESCE
	}
	return true
}

// templateParts is how many texts one template puts together at once.
const templateParts = 4

// grownTemplate divides a long template: what stands before is a text by itself.
func grownTemplate(n *ast.TemplateLiteral) ast.Expression {
	count := len(n.Expressions)
	if count <= templateParts {
		return called(grownName, n)
	}
	cut := count - templateParts
	empty := &ast.TemplateElement{Idx: n.OpenQuote, Valid: true}
	front := &ast.TemplateLiteral{
		OpenQuote: n.OpenQuote, CloseQuote: n.CloseQuote, Expressions: n.Expressions[:cut], Elements: append(n.Elements[:cut:cut], n.Elements[cut]),
	}
	back := &ast.TemplateLiteral{
		OpenQuote: n.OpenQuote, CloseQuote: n.CloseQuote,
		Expressions: append([]ast.Expression{grownTemplate(front)}, n.Expressions[cut:]...),
		Elements:    append([]*ast.TemplateElement{empty, empty}, n.Elements[cut+1:]...),
	}
	return called(grownName, back)
}

func called(name string, e ast.Expression) ast.Expression {
	return &ast.CallExpression{
		Callee:       &ast.Identifier{Name: unistring.String(name), Idx: e.Idx0()},
		ArgumentList: []ast.Expression{e}, LeftParenthesis: e.Idx0(), RightParenthesis: e.Idx1(),
	}
}
