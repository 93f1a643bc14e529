package org.procmon.cli.graph;

import java.util.HashMap;
import java.util.Map;

/**
 * Dependencies in the language of Mermaid, which GitHub and GitLab draw. An arrow leads from what
 * starts first to what waits for it. Source: mermaid.js.org, Flowcharts.
 */
public final class MermaidText {
    private MermaidText() {}

    /** The lines of a diagram. */
    public static String of(DependencyGraph graph) {
        StringBuilder text = new StringBuilder("flowchart TD\n");
        Map<String, String> ids = new HashMap<>();
        for (String name : graph.names()) {
            String id = "p" + ids.size();
            ids.put(name, id);
            String state = graph.state(name);
            text.append("  ").append(id).append("[\"").append(name).append("<br/>");
            text.append(state).append("\"]:::").append(state).append('\n');
        }
        for (String name : graph.names()) {
            for (String on : graph.needs(name)) {
                String from = ids.get(on);
                if (from != null) {
                    text.append("  ").append(from).append(" --> ").append(ids.get(name));
                    text.append('\n');
                }
            }
        }
        text.append("  classDef running,completed stroke:#2a2\n");
        text.append("  classDef failed,backoff stroke:#c22,stroke-width:3px\n");
        text.append("  classDef waiting,starting,stopping stroke:#b80\n");
        text.append("  classDef stopped stroke-dasharray:4\n");
        return text.toString();
    }
}
