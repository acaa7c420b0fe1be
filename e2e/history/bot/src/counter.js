// The second word of the message in hand, by which its answer is known.
function token() {
    return $jsapi.context().request.query.split(" ")[1];
}

// Raises both counters and says what they are now.
function count(verb, of) {
    var context = $jsapi.context();
    context.session.n = (context.session.n || 0) + 1;
    context.client.n = (context.client.n || 0) + 1;
    return verb + " " + of + " s=" + context.session.n + " c=" + context.client.n;
}

// Keeps the engine busy for a while.
function think() {
    for (var i = 0, sum = 0; i < 300000; i++) {
        sum += i;
    }
    return sum;
}
