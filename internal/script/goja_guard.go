package script

import (
	"math/big"
	"reflect"
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
)

// regexpTime is how long one search of an expression with back-references or
// look-ahead may take, which cannot be interrupted.
const regexpTime = 500 * time.Millisecond

// regexpLimit sets it before the first bot is loaded.
var regexpLimit = &sync.Once{}

func limitRegexps() {
	regexpLimit.Do(func() { regexp2.DefaultMatchTimeout = regexpTime })
}

// restrict refuses what no cap reaches: big integers, whose operators run
// without bound.
func restrict(tree *ast.Program) error {
	at, found := bigLiteral(reflect.ValueOf(tree.Body))
	if !found {
		return nil
	}
	return parser.ErrorList{&parser.Error{
		Position: tree.File.Position(int(at) - tree.File.Base()), Message: "BigInt is not available",
	}}
}

func bigLiteral(v reflect.Value) (at file.Idx, found bool) {
	visit(v, func(node any) bool {
		if n, ok := node.(*ast.NumberLiteral); ok && !found {
			if _, found = n.Value.(*big.Int); found {
				at = n.Idx
			}
		}
		return !found
	})
	return at, found
}

// readsOnly tells whether an expression, in its wrapper, neither calls nor
// changes anything.
func readsOnly(body reflect.Value) bool {
	pure, functions := true, 0
	visit(body, func(node any) bool {
		switch n := node.(type) {
		case *ast.CallExpression, *ast.NewExpression, *ast.AssignExpression, *ast.TemplateLiteral, *ast.ArrowFunctionLiteral,
			*ast.ClassLiteral, *ast.YieldExpression, *ast.AwaitExpression:
			pure = false
		case *ast.FunctionLiteral:
			functions++
		case *ast.UnaryExpression:
			pure = pure && n.Operator != token.DELETE && n.Operator != token.INCREMENT && n.Operator != token.DECREMENT
		}
		return pure
	})
	return pure && functions == 1
}

// hasStrict tells whether some of the code is strict: there goja takes only own
// properties of the global object for variables that may be written to.
func hasStrict(body reflect.Value) bool {
	found := false
	visit(body, func(node any) bool {
		switch n := node.(type) {
		case *ast.ClassLiteral:
			found = true
		case *ast.StringLiteral:
			found = found || n.Value == "use strict"
		}
		return !found
	})
	return found
}

// visit walks a tree; it stops where see returns false.
func visit(v reflect.Value, see func(node any) bool) {
	switch v.Kind() {
	case reflect.Interface:
		visit(v.Elem(), see)
	case reflect.Pointer:
		if v.IsNil() || !v.CanInterface() {
			return
		}
		if _, isFile := reflect.TypeAssert[*file.File](v); isFile || !see(v.Interface()) {
			return
		}
		visit(v.Elem(), see)
	case reflect.Struct:
		for i := range v.NumField() {
			visit(v.Field(i), see)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), see)
		}
	}
}
