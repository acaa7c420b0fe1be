package script

import (
	"io"
	"sync"

	"github.com/dlclark/regexp2/v2"
)

// overrun tells whether a search of a backtracking expression was given up. goja
// takes such a search for one that found nothing, and how long it took does not
// show it: regexp2 measures by a clock of its own, which lags on a busy machine,
// so that it gives up too early. A search of our own around it, begun before it
// and with the same limit, is over its limit whenever the other was.
type overrun struct {
	around *regexp2.Regexp
	text   []rune // of the search around
	search func()
	given  bool
}

// overrunEngine is held while the engine of one overrun is registered.
var overrunEngine = &sync.Mutex{}

func newOverrun() *overrun {
	o := &overrun{text: []rune{0}}
	const name = "overrun"
	overrunEngine.Lock()
	defer overrunEngine.Unlock()
	regexp2.RegisterEngine(name, regexp2.RuntimeEngineData{
		CapSize:       1,
		FindFirstChar: func(*regexp2.Runner) bool { return true },
		Execute: func(r *regexp2.Runner) error {
			o.search()
			o.given = r.CheckTimeout() != nil
			return io.EOF // the search around is no more than its limit
		},
	})
	o.around = regexp2.MustCompile(name)
	return o
}

// of runs a search and tells whether it may have been given up, or was not begun.
func (o *overrun) of(search func()) bool {
	o.search, o.given = search, true
	_, _ = o.around.FindRunesMatch(o.text)
	return o.given
}
