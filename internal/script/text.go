package script

import (
	"errors"
	"fmt"
	"time"

	"parley/internal/session"
)

// bindText binds what services/text.js stands on.
func (m *vm) bindText() {
	m.Bind("parseXml", func(args []any) (any, error) {
		source := text(args, 0)
		if len(source) > session.MaxJSONParseBytes {
			return nil, errors.New("parseXml takes at most 1 MB of text")
		}
		value, err := xmlValue([]byte(source))
		if err != nil {
			return nil, fmt.Errorf("parseXml: %w", err)
		}
		return marshal(value), nil
	})
	m.Bind("formatDate", func(args []any) (any, error) {
		var ms int64
		switch n := args[0].(type) {
		case int64:
			ms = n
		case float64:
			ms = int64(n)
		}
		return dateForZone(time.UnixMilli(ms), text(args, 1), text(args, 2), text(args, 3))
	})
}
