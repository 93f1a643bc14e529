package org.procmon.supervise.feature;

import java.util.ArrayList;
import java.util.List;
import org.procmon.config.MonitorSpec;
import org.procmon.reload.plan.ChangePlan;

/**
 * Passes changes on to a feature in the same order, but only when the loop has time; for features
 * that only report changes. Loop thread only, but for {@link #prepare} and {@link #follow}.
 */
public final class DeferredFeature implements Feature {
    private final Feature feature;
    private List<Change> waiting = new ArrayList<>();

    public DeferredFeature(Feature feature) {
        this.feature = feature;
    }

    @Override
    public void on(Change change) {
        if (change instanceof Change.Idle) {
            passOn();
            feature.on(change);
        } else {
            waiting.add(change);
        }
    }

    private void passOn() {
        while (!waiting.isEmpty()) {
            List<Change> now = waiting;
            waiting = new ArrayList<>();
            now.forEach(feature::on);
        }
    }

    @Override
    public void start(FeatureStart start) {
        feature.start(start);
    }

    @Override
    public void prepare(MonitorSpec spec) {
        feature.prepare(spec);
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        feature.follow(spec, plan);
    }

    @Override
    public boolean isBusy() {
        return feature.isBusy();
    }

    @Override
    public void hurry() {
        feature.hurry();
    }

    @Override
    public void stop(End end) {
        feature.stop(end);
    }
}
