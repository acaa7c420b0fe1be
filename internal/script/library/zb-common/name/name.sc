require: ../namesRu/names-ru.csv
    name = Names
    var = $Names

init:
    $converters.NamesConverter = function(parseTree) {
        return $Names[parseTree.Names[0].value].value;
    };

patterns:
    $Name = $entity<Names> || converter = $converters.NamesConverter
