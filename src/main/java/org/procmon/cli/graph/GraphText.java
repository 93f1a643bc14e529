package org.procmon.cli.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.procmon.cli.console.StateStyle;
import org.procmon.cli.console.TextStyle;

/** Dependencies as a tree with lines, for people. */
public final class GraphText {
    /** Deeper levels would be beyond the right edge. */
    private static final int MOST_LEVELS = 100;

    private final DependencyGraph graph;
    private final boolean colours;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> shown = new HashSet<>();

    private GraphText(DependencyGraph graph, boolean colours) {
        this.graph = graph;
        this.colours = colours;
    }

    /**
     * All processes: first those that need no other, below each what depends on it. What was shown
     * above is not shown again with its branches, which dots stand for.
     */
    public static String ofAll(DependencyGraph graph, boolean colours) {
        GraphText all = new GraphText(graph, colours);
        for (String name : graph.names()) {
            if (graph.needs(name).stream().noneMatch(graph::has)) {
                all.add("", "", name, graph::neededBy, 0);
            }
        }
        return all.text.toString();
    }

    /** One process: what it needs, and what depends on it, each down to the end. */
    public static String ofOne(DependencyGraph graph, String name, boolean colours) {
        GraphText one = new GraphText(graph, colours);
        one.text.append(one.label(name)).append('\n');
        List<String> needs = graph.needs(name);
        List<String> neededBy = graph.neededBy(name);
        one.branch("needs", needs, graph::needs, neededBy.isEmpty());
        one.branch("needed by", neededBy, graph::neededBy, true);
        return one.text.toString();
    }

    private void branch(
            String title, List<String> names, Function<String, List<String>> next, boolean isLast) {
        if (names.isEmpty()) {
            return;
        }
        text.append(isLast ? "└─ " : "├─ ").append(TextStyle.DIM.of(title, colours)).append('\n');
        shown.clear();
        children(isLast ? "   " : "│  ", names, next, 1);
    }

    private void add(
            String before,
            String lines,
            String name,
            Function<String, List<String>> next,
            int level) {
        List<String> below = next.apply(name);
        boolean isNew = shown.add(name);
        boolean isCut = !below.isEmpty() && (!isNew || level >= MOST_LEVELS);
        text.append(before).append(label(name)).append(isCut ? " ..." : "").append('\n');
        if (!isCut) {
            children(lines, below, next, level + 1);
        }
    }

    private void children(
            String lines, List<String> names, Function<String, List<String>> next, int level) {
        for (int i = 0; i < names.size(); i++) {
            boolean isLast = i == names.size() - 1;
            add(
                    lines + (isLast ? "└─ " : "├─ "),
                    lines + (isLast ? "   " : "│  "),
                    names.get(i),
                    next,
                    level);
        }
    }

    private String label(String name) {
        String state = graph.state(name);
        return name + ": " + StateStyle.of(state).of(state, colours);
    }
}
