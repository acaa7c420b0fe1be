package desk

import (
	"maps"
	"sync"
)

// attendance counts the live connections of agents.
type attendance struct {
	changed func(agents []string) // hears whose number is another one

	counting sync.Mutex
	live     map[string]int // here; no zeros
	remote   map[string]int // at other nodes
}

// Connect counts a live connection of an agent until leave is called.
func (d *attendance) Connect(agent string) (leave func()) {
	d.count(agent, 1)
	return sync.OnceFunc(func() { d.count(agent, -1) })
}

// Connections returns the number of live connections of an agent, at all nodes.
func (d *attendance) Connections(agent string) int {
	d.counting.Lock()
	defer d.counting.Unlock()
	return d.live[agent] + d.remote[agent]
}

// Here returns the number of live connections of each agent at this node.
func (d *attendance) Here() map[string]int {
	d.counting.Lock()
	defer d.counting.Unlock()
	return maps.Clone(d.live)
}

// SetRemote says how many live connections each agent has at other nodes.
func (d *attendance) SetRemote(connections map[string]int) {
	d.counting.Lock()
	var moved []string
	for agent := range d.remote {
		if connections[agent] != d.remote[agent] {
			moved = append(moved, agent)
		}
	}
	for agent := range connections {
		if _, known := d.remote[agent]; !known {
			moved = append(moved, agent)
		}
	}
	d.remote = maps.Clone(connections)
	d.counting.Unlock()
	d.changed(moved)
}

func (d *attendance) count(agent string, by int) {
	d.counting.Lock()
	d.live[agent] += by
	if d.live[agent] == 0 {
		delete(d.live, agent)
	}
	d.counting.Unlock()
	d.changed([]string{agent})
}
