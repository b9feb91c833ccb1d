"""The groups of benchmarks. Each module has

    run(bench)       measures; returns figures that can be JSON
    show(figures)    the same as tables, a text
    panels(figures)  the same as panels of a chart
"""
