// Package privacy keeps what is promised about the data of people: it is given to
// them and erased in one call, and it goes by itself when its time is over
// (guarantees 2, row 25).
package privacy
