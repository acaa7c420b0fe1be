package script

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// timeouts arms the script timeout of a turn.
type timeouts struct{ *run }

// interval reads the interval of a timeout. One of 0 or less is ignored.
func (r timeouts) interval(written string) (time.Duration, error) {
	if seconds := json.Number(written); seconds != "" {
		if n, err := seconds.Float64(); err == nil && n <= 0 {
			r.log.Warn("a timeout of 0 or less is ignored", "bot", r.bot.name, "state", r.state, "interval", written)
			return 0, nil
		}
	}
	return dialog.ParseInterval(written)
}

// armTimeout is $reactions.timeout: the last one of a turn counts.
func (r timeouts) armTimeout(interval, target string) error {
	after, err := r.interval(interval)
	if err != nil || after == 0 {
		return err
	}
	path := dialog.Resolve(r.state, target)
	if r.bot.states[path] == nil {
		return fmt.Errorf("State not found for path %s", path)
	}
	r.timeout = &session.Timeout{After: after, TargetState: path}
	return nil
}
