package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.example.StartCounter;
import org.procmon.supervise.feature.Features;
import org.procmon.supervise.feature.LazyFeature;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;

/** What a new feature costs: a folder of its own, here {@code example}, and one line. */
class ExampleFeatureTest {
    private final FakeKernel kernel = new FakeKernel(new Random(1), 0);
    private final Features features = new Features();

    @Test
    void aFeatureCostsOneLine() {
        LazyFeature<StartCounter> counter =
                new LazyFeature<>(p -> p.lifetime().essential(), StartCounter::new);
        features.attach(counter);
        ProcessSet processSet =
                new ProcessSet(
                        InitialState.of(
                                new MonitorSpec(
                                        ControlSpec.DEFAULT,
                                        List.of(process("web").essential().build()))),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        features,
                        Journal.NONE);
        processSet.takeOver();
        assertThat(counter.made()).isEmpty();
        processSet.begin();
        assertThat(counter.get().starts()).containsExactly(Map.entry("web", 1));
    }
}
