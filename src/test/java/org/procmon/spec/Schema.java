package org.procmon.spec;

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

    private final Node.Members root;

    private Schema(Node.Members root) {
        this.root = root;
    }

    static Schema load() throws IOException {
        return new Schema((Node.Members) tree(FILE));
    }

    static Node tree(Path file) throws IOException {
        char[] text = Files.readString(file).toCharArray();
        Sources sources = new Sources();
        Source source = sources.add(file.toString(), text, text.length);
        return Objects.requireNonNull(JsonTree.read(source, new Problems(sources, 10)));
    }

    Node.Members root() {
        return root;
    }

    Node.Members definition(String name) {
        return members(value(members(value(root, "$defs")), name));
    }

    /** The schema of a key. */
    static Node.Members property(Node.Members schema, String key) {
        return members(value(members(value(schema, "properties")), key));
    }

    static Node value(Node.Members object, String key) {
        return Objects.requireNonNull(object.members().get(key), key).value();
    }

    static Node.Members members(Node node) {
        return (Node.Members) node;
    }

    boolean accepts(Node value) {
        return accepts(root, value);
    }

    private boolean accepts(Node.Members schema, Node value) {
        return schema.members().entrySet().stream()
                .allMatch(e -> accepts(schema, e.getKey(), e.getValue().value(), value));
    }

    private boolean accepts(Node.Members schema, String keyword, Node rule, Node value) {
        return switch (keyword) {
            case "$schema", "$defs", "title", "description", "default" -> true;
            case "$ref" -> accepts(definition(text(rule).substring("#/$defs/".length())), value);
            case "anyOf" -> items(rule).stream().anyMatch(r -> accepts(members(r), value));
            case "oneOf" ->
                    items(rule).stream().filter(r -> accepts(members(r), value)).count() == 1;
            case "not" -> !accepts(members(rule), value);
            case "enum" -> items(rule).stream().anyMatch(r -> plain(r).equals(plain(value)));
            case "const" -> plain(rule).equals(plain(value));
            case "type" ->
                    rule instanceof Node.Items types
                            ? types.values().stream().anyMatch(t -> isA(text(t), value))
                            : isA(text(rule), value);
            case "pattern" ->
                    !(value instanceof Node.Text t)
                            || Pattern.compile(text(rule)).matcher(t.value()).find();
            case "minLength" ->
                    !(value instanceof Node.Text t) || t.value().length() >= number(rule);
            case "minimum" -> !(value instanceof Node.Numeral) || number(value) >= number(rule);
            case "maximum" -> !(value instanceof Node.Numeral) || number(value) <= number(rule);
            case "minItems" ->
                    !(value instanceof Node.Items i) || i.values().size() >= number(rule);
            case "maxItems" ->
                    !(value instanceof Node.Items i) || i.values().size() <= number(rule);
            case "items" ->
                    !(value instanceof Node.Items i)
                            || i.values().stream().allMatch(v -> accepts(members(rule), v));
            case "required" ->
                    !(value instanceof Node.Members o)
                            || items(rule).stream().allMatch(k -> o.members().containsKey(text(k)));
            case "propertyNames" ->
                    !(value instanceof Node.Members o)
                            || o.members().keySet().stream()
                                    .allMatch(k -> accepts(members(rule), new Node.Text(0, k)));
            case "properties" ->
                    !(value instanceof Node.Members o)
                            || members(rule).members().entrySet().stream()
                                    .allMatch(e -> acceptsMember(e, o.members()));
            case "additionalProperties" ->
                    !(value instanceof Node.Members o)
                            || o.members().entrySet().stream()
                                    .filter(e -> !hasProperty(schema, e.getKey()))
                                    .allMatch(e -> acceptsOther(rule, e.getValue().value()));
            default -> throw new AssertionError("schema uses '" + keyword + "'");
        };
    }

    private boolean acceptsMember(
            Map.Entry<String, Node.Member> rule, Map<String, Node.Member> members) {
        Node.Member member = members.get(rule.getKey());
        return member == null || accepts(members(rule.getValue().value()), member.value());
    }

    private boolean acceptsOther(Node rule, Node value) {
        return rule instanceof Node.Members schema && accepts(schema, value);
    }

    private static boolean hasProperty(Node.Members schema, String key) {
        Node.Member properties = schema.members().get("properties");
        return properties != null && members(properties.value()).members().containsKey(key);
    }

    private static boolean isA(String type, Node value) {
        return switch (type) {
            case "string" -> value instanceof Node.Text;
            case "number" -> value instanceof Node.Numeral;
            case "integer" -> value instanceof Node.Numeral && number(value) % 1 == 0;
            case "boolean" -> value instanceof Node.Flag;
            case "array" -> value instanceof Node.Items;
            case "object" -> value instanceof Node.Members;
            default -> throw new AssertionError("schema uses the type '" + type + "'");
        };
    }

    private static Object plain(Node node) {
        return node instanceof Node.Flag flag ? flag.value() : text(node);
    }

    private static double number(Node node) {
        return Double.parseDouble(((Node.Numeral) node).text());
    }

    private static String text(Node node) {
        return node instanceof Node.Text text ? text.value() : node.kind();
    }

    private static List<Node> items(Node node) {
        return ((Node.Items) node).values();
    }
}
