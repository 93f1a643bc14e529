package org.procmon.control;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.port.Reloader;

/** Notes what it is asked, and answers with what it is told to. */
public final class FakeReloader implements Reloader {
    /** What it was asked. */
    public final List<String> asked = new ArrayList<>();

    public Outcome outcome =
            new Outcome.Planned(new ChangePlan(List.of(), 0), List.of(), List.of());

    @Override
    public CompletableFuture<Outcome> reload(boolean dry) {
        asked.add(dry ? "rehearse" : "reload");
        return CompletableFuture.completedFuture(outcome);
    }

    @Override
    public CompletableFuture<Outcome> follow() {
        asked.add("follow");
        return CompletableFuture.completedFuture(outcome);
    }

    @Override
    public List<String> check() {
        asked.add("check");
        return List.of("a.json:1:2: it is wrong");
    }

    @Override
    public CompletableFuture<Outcome> scale(String name, int instances) {
        asked.add("scale " + name + " " + instances);
        return CompletableFuture.completedFuture(outcome);
    }
}
