require: names-ru.csv
    name = NamesRu
    var = NamesRu

init:
    $converters.NamesRuConverter = function(parseTree) {
        return NamesRu[parseTree.NamesRu[0].value].value;
    };

patterns:
    $Name = $entity<NamesRu> || converter = $converters.NamesRuConverter
