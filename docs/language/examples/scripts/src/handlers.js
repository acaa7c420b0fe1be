// Before the state is looked for: clean the text, or choose the state.
bind("preMatch", function($context) {
    var request = $context.request;
    if (request.query) {
        request.query = request.query.replace("pls", "").trim();
    }
    if (request.query === "shortcut") {
        $context.temp.targetState = "/Target";
    }
});

// The state is known, its reactions have not run.
bind("preProcess", function($context) {
    $context.temp.chosen = $context.currentState;
}, "/Target");

// After the reactions.
bind("postProcess", function($context) {
    if ($context.temp.chosen) {
        $reactions.answer("Chosen: " + $context.temp.chosen);
    }
}, "/", "tell");

// The same in the form of an object. A second handler of the same type and name replaces the first.
$jsapi.bind({
    type: "postProcess",
    name: "count",
    path: "/Target",
    handler: function($context) {
        $context.session.count = ($context.session.count || 0) + 1;
    }
});
