package postgres

import (
	"encoding/binary"
	"fmt"

	"parley/internal/session"
)

// The types of columns, by their numbers in the protocol. There are no others.
const (
	typeBytea  = 17
	typeBigint = 20
	typeText   = 25
	typeUUID   = 2950
)

// encoded is an argument that is already in the protocol's form.
type encoded []byte

// text binds bytes, mostly JSON, to a text column.
type text []byte

// ref binds an id that may be absent.
func ref(id session.ID) any {
	if id.IsZero() {
		return nil
	}
	return id
}

// bytesOf binds bytes, nothing as NULL.
func bytesOf(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// encode puts an argument into the protocol's binary form: an id, a number, a
// flag, text, bytes, nil, or a list of ids, numbers or texts.
func encode(arg any) []byte {
	switch v := arg.(type) {
	case nil:
		return nil
	case encoded:
		return v
	case int64:
		return binary.BigEndian.AppendUint64(nil, uint64(v))
	case int:
		return encode(int64(v))
	case bool:
		return encode(number(v))
	case string:
		return notNil([]byte(Escape(v)))
	case text:
		return notNil([]byte(Escape(string(v))))
	case []byte:
		return notNil(v)
	case session.ID:
		return v[:]
	}
	return encodeList(arg)
}

// encodeList makes an array of one dimension.
func encodeList(arg any) []byte {
	var c columns
	switch v := arg.(type) {
	case []session.ID:
		c = columnsOf(v, func(c *columns, id session.ID) { c.id(id) })
		return c.array(0, typeUUID)
	case []int64:
		c = columnsOf(v, func(c *columns, n int64) { c.int(n) })
		return c.array(0, typeBigint)
	case []string:
		c = columnsOf(v, func(c *columns, s string) { c.text(s) })
		return c.array(0, typeText)
	}
	panic(fmt.Sprintf("no column takes a %T", arg))
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// notNil keeps empty apart from NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// columns are the arguments of a set-based statement, one array a column. A
// row is written left to right.
type columns struct {
	list []column
	at   int
	rows int
}

type column struct {
	kind  uint32
	nulls bool
	bytes []byte
}

// columnsOf writes a row for each value.
func columnsOf[V any](list []V, write func(*columns, V)) columns {
	var c columns
	for _, v := range list {
		c.at = 0
		write(&c, v)
		c.rows++
	}
	return c
}

// args are the columns as arguments of a statement.
func (c *columns) args() []any {
	args := make([]any, len(c.list))
	for i := range c.list {
		args[i] = encoded(c.array(i, c.list[i].kind))
	}
	return args
}

func (c *columns) array(i int, kind uint32) []byte {
	if c.rows == 0 {
		return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, 0), kind)
	}
	col := &c.list[i]
	head := make([]byte, 0, 20+len(col.bytes))
	head = binary.BigEndian.AppendUint32(head, 1) // dimension
	head = binary.BigEndian.AppendUint32(head, uint32(number(col.nulls)))
	head = binary.BigEndian.AppendUint32(head, col.kind)
	head = binary.BigEndian.AppendUint32(head, uint32(c.rows))
	head = binary.BigEndian.AppendUint32(head, 1) // number of the first element
	return append(head, col.bytes...)
}

func (c *columns) next(kind uint32) *column {
	if c.at == len(c.list) {
		c.list = append(c.list, column{kind: kind})
	}
	c.at++
	return &c.list[c.at-1]
}

func (c *columns) put(kind uint32, value []byte) {
	col := c.next(kind)
	col.bytes = append(binary.BigEndian.AppendUint32(col.bytes, uint32(len(value))), value...)
}

func (c *columns) null(kind uint32) {
	col := c.next(kind)
	col.nulls = true
	col.bytes = binary.BigEndian.AppendUint32(col.bytes, 0xffffffff)
}

func (c *columns) id(id session.ID) { c.put(typeUUID, id[:]) }

// ref is an id that may be absent.
func (c *columns) ref(id session.ID) {
	if id.IsZero() {
		c.null(typeUUID)
		return
	}
	c.id(id)
}

func (c *columns) int(n int64) {
	col := c.next(typeBigint)
	col.bytes = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(col.bytes, 8), uint64(n))
}

func (c *columns) flag(b bool) { c.int(number(b)) }

func (c *columns) text(s string) { c.put(typeText, []byte(Escape(s))) }

func (c *columns) json(b []byte) { c.text(string(b)) }

// blob is bytes, nothing as NULL.
func (c *columns) blob(b []byte) {
	if len(b) == 0 {
		c.null(typeBytea)
		return
	}
	c.put(typeBytea, b)
}
