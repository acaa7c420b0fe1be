package postgres

import "context"

// Shelves is a script.Shelves.
type Shelves struct{ store *Store }

// Shelves returns the port of the releases of bots.
func (s *Store) Shelves() *Shelves { return &Shelves{s} }

// States is script.Shelves's.
func (s *Shelves) States(ctx context.Context) (map[string][]byte, error) {
	states := map[string][]byte{}
	err := s.store.reading(ctx, func(c *conn) error {
		clear(states)
		return c.each("ListShelves", func(r *row) {
			source := r.text()
			states[source] = []byte(r.text())
		})
	})
	return states, err
}

// Numbers is script.Shelves's.
func (s *Shelves) Numbers(ctx context.Context, source string) ([]int, error) {
	list, err := selected(ctx, s.store, "ListReleases", scanInt, source)
	numbers := make([]int, len(list))
	for i, n := range list {
		numbers[i] = int(*n)
	}
	return numbers, err
}

// Fetch is script.Shelves's.
func (s *Shelves) Fetch(ctx context.Context, source string, number int) ([]byte, error) {
	archive, err := found(ctx, s.store, "GetRelease", scanBytes, source, int64(number))
	if err != nil {
		return nil, err
	}
	return *archive, nil
}

// Save is script.Shelves's.
func (s *Shelves) Save(ctx context.Context, source string, state []byte, added map[int][]byte, gone []int) error {
	var steps []*step
	for number, archive := range added {
		steps = append(steps, &step{name: "AddRelease", args: []any{source, int64(number), archive}})
	}
	for _, number := range gone {
		steps = append(steps, &step{name: "DropRelease", args: []any{source, int64(number)}})
	}
	steps = append(steps, &step{name: "SaveShelf", args: []any{source, string(state)}}, bump("releases"))
	return s.store.write(ctx, steps...)
}
