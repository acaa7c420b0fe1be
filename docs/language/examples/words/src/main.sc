theme: /

    state: Forms
        q!: forms
        script:
            $temp.out = [
                $nlp.inflect("Москва", "loct"),
                $nlp.inflect("новый дом", "gent", "plur"),
                $nlp.conform("рубль", 5),
                $nlp.conform("cup", 3),
                $nlp.parseMorph("столами").normalForm,
                $nlp.parseMorph("столами").partOfSpeech
            ];
        a: {{ $temp.out.join(", ") }}

    state: Texts
        q!: texts
        script:
            $temp.out = [
                $nlp.tokenize("Hello, you!").join("+"),
                $nlp.checkVocabulary("стол", "ru"),
                $nlp.fixKeyboardLayout("ghbdtn"),
                $nlp.matchExamples("i want two cups", ["i want a cup", "go away"]).example,
                $caila.detectLanguage(["привет", "hello"]).join("+"),
                $caila.markup("two cups").words[1].annotations.lemma
            ];
        a: {{ $temp.out.join(", ") }}

    # What would the text lead to, were the dialog in that state?
    state: Ask
        q!: ask
        script:
            var inside = $nlp.match("да", "/Order"), outside = $nlp.match("да", "/");
            $temp.out = [inside.targetState, inside.score, outside === null];
            var m = $nlp.matchPatterns("хочу 3 чашки", ["* $number чашки", "чай"]);
            $temp.out.push(m.pattern, m.parseTree.number[0].text, m.parseTree._Root);
        a: {{ $temp.out.join(", ") }}

    state: Order
        q!: заказ
        a: Заказать?

        state: Yes
            q: да
            a: Заказано.

patterns:
    $number = $regexp<\d+>
