package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** As much of JSON Schema as conf/procmon.schema.json uses; any other keyword is an error. */
final class Schema {
    private static final Path FILE = Path.of("conf/procmon.schema.json");

    private final JsonValue.Members root;

    private Schema(JsonValue.Members root) {
        this.root = root;
    }

    static Schema load() throws IOException {
        return new Schema((JsonValue.Members) tree(FILE));
    }

    static JsonValue tree(Path file) throws IOException {
        char[] text = Files.readString(file).toCharArray();
        Sources sources = new Sources();
        Source source = sources.add(file.toString(), text, text.length);
        return Objects.requireNonNull(JsonTree.read(source, new Problems(sources, 10)));
    }

    JsonValue.Members root() {
        return root;
    }

    JsonValue.Members definition(String name) {
        return members(value(members(value(root, "$defs")), name));
    }

    private JsonValue.Members referenced(String pointer) {
        JsonValue.Members at = root;
        for (String step : pointer.substring("#/".length()).split("/", -1)) {
            at = members(value(at, step));
        }
        return at;
    }

    /** The schema of a key. */
    static JsonValue.Members property(JsonValue.Members schema, String key) {
        return members(value(members(value(schema, "properties")), key));
    }

    static JsonValue value(JsonValue.Members object, String key) {
        return Objects.requireNonNull(object.members().get(key), key).value();
    }

    static JsonValue.Members members(JsonValue jsonValue) {
        return (JsonValue.Members) jsonValue;
    }

    boolean accepts(JsonValue value) {
        return accepts(root, value);
    }

    private boolean accepts(JsonValue.Members schema, JsonValue value) {
        return schema.members().entrySet().stream()
                .allMatch(e -> accepts(schema, e.getKey(), e.getValue().value(), value));
    }

    private boolean accepts(
            JsonValue.Members schema, String keyword, JsonValue rule, JsonValue value) {
        return switch (keyword) {
            case "$schema", "$defs", "title", "description", "default" -> true;
            case "$ref" -> accepts(referenced(text(rule)), value);
            case "anyOf" -> items(rule).stream().anyMatch(r -> accepts(members(r), value));
            case "oneOf" ->
                    items(rule).stream().filter(r -> accepts(members(r), value)).count() == 1;
            case "not" -> !accepts(members(rule), value);
            case "enum" -> items(rule).stream().anyMatch(r -> plain(r).equals(plain(value)));
            case "const" -> plain(rule).equals(plain(value));
            case "type" ->
                    rule instanceof JsonValue.Items types
                            ? types.values().stream().anyMatch(t -> isA(text(t), value))
                            : isA(text(rule), value);
            case "pattern" ->
                    !(value instanceof JsonValue.Text t)
                            || Pattern.compile(text(rule)).matcher(t.value()).find();
            case "minLength" ->
                    !(value instanceof JsonValue.Text t) || t.value().length() >= number(rule);
            case "minimum" ->
                    !(value instanceof JsonValue.Numeral) || number(value) >= number(rule);
            case "maximum" ->
                    !(value instanceof JsonValue.Numeral) || number(value) <= number(rule);
            case "minItems" ->
                    !(value instanceof JsonValue.Items i) || i.values().size() >= number(rule);
            case "maxItems" ->
                    !(value instanceof JsonValue.Items i) || i.values().size() <= number(rule);
            case "items" ->
                    !(value instanceof JsonValue.Items i)
                            || i.values().stream().allMatch(v -> accepts(members(rule), v));
            case "required" ->
                    !(value instanceof JsonValue.Members o)
                            || items(rule).stream().allMatch(k -> o.members().containsKey(text(k)));
            case "propertyNames" ->
                    !(value instanceof JsonValue.Members o)
                            || o.members().keySet().stream()
                                    .allMatch(
                                            k -> accepts(members(rule), new JsonValue.Text(0, k)));
            case "properties" ->
                    !(value instanceof JsonValue.Members o)
                            || members(rule).members().entrySet().stream()
                                    .allMatch(e -> acceptsMember(e, o.members()));
            case "additionalProperties" ->
                    !(value instanceof JsonValue.Members o)
                            || o.members().entrySet().stream()
                                    .filter(e -> !hasProperty(schema, e.getKey()))
                                    .allMatch(e -> acceptsOther(rule, e.getValue().value()));
            default -> throw new AssertionError("schema uses '" + keyword + "'");
        };
    }

    private boolean acceptsMember(
            Map.Entry<String, JsonValue.Member> rule, Map<String, JsonValue.Member> members) {
        JsonValue.Member member = members.get(rule.getKey());
        return member == null || accepts(members(rule.getValue().value()), member.value());
    }

    private boolean acceptsOther(JsonValue rule, JsonValue value) {
        return rule instanceof JsonValue.Members schema && accepts(schema, value);
    }

    private static boolean hasProperty(JsonValue.Members schema, String key) {
        JsonValue.Member properties = schema.members().get("properties");
        return properties != null && members(properties.value()).members().containsKey(key);
    }

    private static boolean isA(String type, JsonValue value) {
        return switch (type) {
            case "string" -> value instanceof JsonValue.Text;
            case "number" -> value instanceof JsonValue.Numeral;
            case "integer" -> value instanceof JsonValue.Numeral && number(value) % 1 == 0;
            case "boolean" -> value instanceof JsonValue.Flag;
            case "array" -> value instanceof JsonValue.Items;
            case "object" -> value instanceof JsonValue.Members;
            default -> throw new AssertionError("schema uses the type '" + type + "'");
        };
    }

    private static Object plain(JsonValue jsonValue) {
        return jsonValue instanceof JsonValue.Flag flag ? flag.value() : text(jsonValue);
    }

    private static double number(JsonValue jsonValue) {
        return Double.parseDouble(((JsonValue.Numeral) jsonValue).text());
    }

    private static String text(JsonValue jsonValue) {
        return jsonValue instanceof JsonValue.Text text ? text.value() : jsonValue.kind();
    }

    private static List<JsonValue> items(JsonValue jsonValue) {
        return ((JsonValue.Items) jsonValue).values();
    }
}
