require: language-en.csv
    name = Languages
    var = $Languages

init:
    $converters.languageConverter = function(parseTree) {
        return $Languages[parseTree.Languages[0].value].value;
    };

patterns:
    $Language = $entity<Languages> || converter = $converters.languageConverter
