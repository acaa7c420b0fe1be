require: sizes.csv
    name = Size
    var = $Sizes

init:
    // A dictionary gives the id of a row; the converter makes a value of it.
    $global.sizeConverter = function(node) {
        return $Sizes[node.Size[0].value].value;
    };

patterns:
    $size = $entity<Size> || converter = $global.sizeConverter
    $count = $regexp<\d+> || converter = function(node) { return parseInt(node.text); }
    $drink = (tea:tea|coffee:coffee|cappuccino:coffee)
    $order = [a] [$size] $drink

theme: /

    state: Order
        q!: * $order *
        a: {{ $parseTree.order[0].drink[0].text }} is {{ $parseTree._drink }}, {{ $parseTree._size ? $parseTree._size.cups : 1 }} cup(s).

    state: Difference
        q!: $count::first minus $count::second
        a: {{ $parseTree._first - $parseTree._second }}

    state: Answer
        q!: answer (yes:1|no:0)
        a: {{ $parseTree._Root }} {{ $parseTree.value }}

    state: Several
        q!: add $repeat<$count>
        a: {{ $parseTree.count.length }} numbers, {{ $parseTree.count[1].value }} is the second.

    state: Tree
        q!: tree $count
        a: {{ JSON.stringify($parseTree.count[0]) }}

    # The rest shows scores: what q!: match PATTERN on TEXT would give.
    state: Score
        event!: noMatch
        script:
            var parts = $request.query.split(" ON ");
            var match = $nlp.matchPatterns(parts[1], [parts[0]]);
            $reactions.answer(match ? match.score.toFixed(3) : "no match");
