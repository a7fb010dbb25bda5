' Loads a workbook, calculates all of it, reads cells, and ends the program.
' places: a line for each cell, sheet and address with a tab between them.
' results: milliseconds of loading and calculating, then a line for each cell, its kind and value. What went wrong
' stands on a line that begins with "failed".
Sub Measure(workbook As String, places As String, results As String)
    Dim target As Integer
    target = FreeFile()
    Open results For Output As #target
    On Error GoTo Failed
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    Dim begun As Long, loaded As Long, finished As Long
    Dim book As Object
    begun = GetSystemTicks()
    book = StarDesktop.loadComponentFromURL(workbook, "_blank", 0, hidden())
    loaded = GetSystemTicks()
    book.calculateAll()
    finished = GetSystemTicks()
    Print #target, CStr(loaded - begun) & Chr(9) & CStr(finished - loaded)
    Dim source As Integer
    Dim entry As String, parts As Variant
    source = FreeFile()
    Open places For Input As #source
    Do While Not EOF(source)
        Line Input #source, entry
        If entry <> "" Then
            parts = Split(entry, Chr(9))
            Print #target, Shown(book.Sheets.getByName(parts(0)).getCellRangeByName(parts(1)).getCellByPosition(0, 0))
        End If
    Loop
    Close #source
    book.close(True)
    GoTo Done
Failed:
    Print #target, "failed" & Chr(9) & Error$ & " in line " & CStr(Erl)
Done:
    Close #target
    StarDesktop.terminate()
End Sub

Function Shown(cell As Object) As String
    Dim content As String
    content = cell.String
    If cell.getError() <> 0 Then
        Shown = "error" & Chr(9) & content
    ElseIf cell.Type = com.sun.star.table.CellContentType.EMPTY Then
        Shown = "empty" & Chr(9)
    ElseIf IsText(cell) Then
        content = Join(Split(content, "\"), "\\")
        content = Join(Split(content, Chr(10)), "\n")
        content = Join(Split(content, Chr(9)), "\t")
        Shown = "text" & Chr(9) & content
    ElseIf content = "TRUE" Or content = "FALSE" Then
        Shown = "bool" & Chr(9) & content
    Else
        Shown = "number" & Chr(9) & Trim(Str(cell.Value))
    End If
End Function

Function IsText(cell As Object) As Boolean
    If cell.Type = com.sun.star.table.CellContentType.FORMULA Then
        IsText = (cell.FormulaResultType2 = com.sun.star.sheet.FormulaResult.STRING)
    Else
        IsText = (cell.Type = com.sun.star.table.CellContentType.TEXT)
    End If
End Function
